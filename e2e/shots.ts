// Pictures of what somebody sees, for people to look at; taken only when QN_SHOTS names a folder.
import { join } from "node:path";
import type { Page } from "@playwright/test";

/** A window on a desk, and a phone. */
export const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
] as const;

const FOLDER = process.env.QN_SHOTS;

/** Whether anybody wants to look. */
export const SHOTS = FOLDER !== undefined && FOLDER !== "";

/** Takes a picture of the page as it is, under its name and width. */
export async function shoot(page: Page, name: string): Promise<void> {
  if (!FOLDER) return;
  const path = join(FOLDER, `${name}-${page.viewportSize()?.width}.png`);
  await page.screenshot({ path, animations: "disabled" });
}

/** The same in both sizes, each when `shown` has come to pass there; the page is left in the size it had. */
export async function shootBoth(page: Page, name: string, shown: () => Promise<void> = async () => {}): Promise<void> {
  const before = page.viewportSize();
  if (!FOLDER || !before) return;
  for (const size of SIZES) {
    await page.setViewportSize(size);
    await shown();
    await shoot(page, name);
  }
  await page.setViewportSize(before);
}
