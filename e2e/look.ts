// What somebody learns who looks at WhatsApp's page before and after it was drawn anew: which icon is called what now.
// Only the rendered page is looked at, as a person with the browser's tools would.
import type { Browser, Page } from "@playwright/test";
import { until } from "./account.ts";
import type { Service } from "./service.ts";

/** Names of the icons of each row of the list and of each message, in order. */
type Icons = Record<string, string[]>;

/** A page of the first account, linked as one more device, with a chat open. */
export async function onlooker(browser: Browser, service: Service, chat: string): Promise<Page> {
  const userAgent = `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${browser.version().split(".")[0]}.0.0.0 Safari/537.36`;
  const context = await browser.newContext({ userAgent, locale: "en-US" });
  const page = await context.newPage();
  await page.goto(`${service.simulator.replace("127.0.0.1", "localhost")}/?locale=en`);
  const code = await page.locator("[data-ref]").getAttribute("data-ref", { timeout: 60_000 });
  const scan = await fetch(`${service.simulator}/_sim/scan`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code }),
  });
  if (!scan.ok) throw new Error(`scan: ${scan.status} ${await scan.text()}`);
  await open(page, chat);
  return page;
}

/** Opens a chat by its name, in whatever way the page is drawn. */
export async function open(page: Page, chat: string): Promise<void> {
  await page.locator(`#pane-side span[title="${chat}"]`).first().click({ timeout: 60_000 });
  await page.locator("#main [data-id]").first().waitFor();
}

/** Every icon that the page shows, by its name as it is known. */
export async function icons(page: Page, known: Record<string, string> = {}): Promise<Icons> {
  return page.evaluate((known) => {
    const names = (row: Element) =>
      [...row.querySelectorAll("[data-icon], svg > title")]
        .filter((icon) => icon.matches("[data-icon]") || icon.closest("[data-icon]") === null)
        .map((icon) => icon.getAttribute("data-icon") ?? icon.textContent ?? "")
        .map((name) => known[name] ?? name);
    const found: Record<string, string[]> = {};
    for (const title of document.querySelectorAll("#pane-side span[title][dir=auto]")) {
      const row = title.closest("[role=row], [role=listitem]");
      if (row) found[`chat ${title.getAttribute("title")}`] = names(row);
    }
    for (const row of document.querySelectorAll("#main [data-id]"))
      found[`message ${row.getAttribute("data-id")}`] = names(row);
    return found;
  }, known);
}

/** What most of the icons that stand in the same place were called before. */
export function renamed(before: Icons, after: Icons): Record<string, string> {
  const votes: Record<string, Record<string, number>> = {};
  for (const [place, names] of Object.entries(after)) {
    const old = before[place];
    if (old?.length !== names.length) continue;
    names.forEach((name, at) => {
      const was = old[at] as string;
      if (was === name) return;
      votes[name] ??= {};
      votes[name][was] = (votes[name][was] ?? 0) + 1;
    });
  }
  return Object.fromEntries(
    Object.entries(votes).map(([name, of]) => [name, Object.entries(of).sort((a, b) => b[1] - a[1])[0]?.[0] as string]),
  );
}

/** A reader profile for a page whose test names are gone and whose icons are called something else. */
export function profileFor(generation: string, names: Record<string, string>) {
  return {
    version: 1,
    generation,
    detect: Object.keys(names)
      .slice(0, 40)
      .map((name) => `[data-icon='${name}']`),
    fields: {
      "row.bubble": [["stamp", "div:has(> [data-pre-plain-text])"]],
      "row.meta": [["stamp", "[data-pre-plain-text] + div"]],
    },
    icons: names,
  };
}

/** Waits until the page is drawn in another way, and says what its icons are called now. */
export async function lookAgain(page: Page, chat: string, before: Icons): Promise<Record<string, string>> {
  await page.reload();
  await open(page, chat);
  return until("icons under other names", async () => {
    const names = renamed(before, await icons(page));
    const known = Object.values(names);
    return ["tail-in", "wds-ic-read", "default-contact-refreshed"].every((icon) => known.includes(icon))
      ? names
      : undefined;
  });
}
