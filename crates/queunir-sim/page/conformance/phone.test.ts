// The demo phone beside the page: reachable by keyboard, named for screen readers, whole on a narrow screen.
import type { Page, Route } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Truth } from "./ledger.ts";
import { Stage } from "./stage.ts";

let stage: Stage;
let truth: Truth;
let page: Page;
beforeAll(async () => {
  stage = await Stage.start();
  truth = new Truth(stage);
  page = await stage.phone(1440);
});
afterAll(() => stage.end());

const focused = (): Promise<string> =>
  page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? "");
/** Presses Tab until something with this name has the focus. */
const tabTo = async (name: RegExp): Promise<void> => {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press("Tab");
    if (name.test(await focused())) return;
  }
  throw new Error(`no Tab leads to ${name}`);
};

test("everything that can be pressed or filled in has a name", async () => {
  await page.getByRole("button", { name: "Kinds" }).click();
  await page.locator("#messages .said").last().waitFor();
  const nameless = await page
    .locator("button:visible, input:visible, textarea:visible, select:visible, summary, a:visible, img, audio")
    .evaluateAll((all) =>
      all
        .filter((node) => {
          const label = node.getAttribute("aria-label") ?? node.getAttribute("alt") ?? node.textContent?.trim();
          const labels = node instanceof HTMLInputElement || node instanceof HTMLSelectElement ? node.labels : null;
          return !label && !labels?.length;
        })
        .map((node) => node.outerHTML.slice(0, 120)),
    );
  expect(nameless).toEqual([]);
});

test("by keyboard alone a customer is found, written for, and a message reacted to", async () => {
  await page.reload();
  await page.getByRole("button", { name: "Away" }).waitFor();
  await tabTo(/^Away$/);
  await page.keyboard.press("Enter");
  await expect.poll(focused).toBe("Message as Away");
  await page.keyboard.type("written by keyboard");
  await page.keyboard.press("Enter");
  await page.locator("#messages .said", { hasText: "written by keyboard" }).waitFor();
  expect(await truth.said("Away", "written by keyboard")).toHaveLength(1);
  await page.locator("#messages").focus();
  await tabTo(/^What to do with “Delivered words”$/);
  await page.keyboard.press("Enter");
  await tabTo(/^React with 👍$/);
  await page.keyboard.press("Enter");
  await page.locator("#messages .said", { hasText: "Delivered words" }).locator(".reactions").waitFor();
});

test("what is written while a message is still on its way is neither lost nor sent with it", async () => {
  await page.getByRole("button", { name: "Away", exact: true }).click();
  let answer = (): void => {};
  const asked = new Promise<void>((resolve) => {
    const hold = async (route: Route): Promise<void> => {
      resolve();
      await new Promise<void>((go) => {
        answer = go;
      });
      await route.continue();
    };
    void page.route("**/incoming", hold, { times: 1 });
  });
  const text = page.getByRole("textbox", { name: "Message as Away" });
  await text.fill("the first one");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await asked;
  await text.fill("the second one");
  const answered = page.waitForResponse("**/incoming");
  answer();
  await answered;
  await page.locator("#messages .said", { hasText: "the first one" }).waitFor();
  expect(await text.inputValue()).toBe("the second one");
  await page.keyboard.press("Enter");
  await page.locator("#messages .said", { hasText: "the second one" }).waitFor();
  expect(await truth.said("Away", "the first one")).toHaveLength(1);
});

test("a message that was refused is back in the form", async () => {
  await page.route("**/incoming", (route) => route.fulfill({ status: 503, json: { detail: "no room" } }));
  const text = page.getByRole("textbox", { name: "Message as Away" });
  await text.fill("once more");
  await page.keyboard.press("Enter");
  await page.getByText("Not sent: no room.").waitFor();
  expect(await text.inputValue()).toBe("once more");
  await page.unroute("**/incoming");
  await text.fill("");
});

test("a menu that is open stays open while messages come, and Escape closes it", async () => {
  const menu = page.locator("#messages .said", { hasText: "written by keyboard" }).locator("details");
  await menu.locator("summary").click();
  await stage.post("accounts/conf/own", { chat: "Away", text: "From the shop meanwhile" });
  await page.locator("#messages .said", { hasText: "From the shop meanwhile" }).waitFor();
  expect(await menu.getAttribute("open")).toBe("");
  expect(await page.locator("#heard").textContent()).toBe("The shop: From the shop meanwhile");
  await menu.locator("button").first().focus();
  await page.keyboard.press("Escape");
  expect(await menu.getAttribute("open")).toBeNull();
  expect(await focused()).toBe("What to do with “written by keyboard”");
});

for (const width of [1440, 390]) {
  test(`at ${width} px nothing is cut off, also not the menu of a message`, async () => {
    await page.close();
    page = await stage.phone(width);
    await page.getByRole("button", { name: "Kinds" }).click();
    await page.locator("#messages .said").last().waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    for (const side of [".mine", ":not(.mine)"]) {
      const details = page.locator(`#messages .said${side} details`).last();
      await details.evaluate((node: HTMLDetailsElement) => {
        node.open = true;
      });
      const [menu, list] = [
        await details.locator(".choices").boundingBox(),
        await page.locator("#messages").boundingBox(),
      ];
      expect(menu && list && menu.x >= list.x && menu.x + menu.width <= list.x + list.width, side).toBe(true);
      await details.evaluate((node: HTMLDetailsElement) => {
        node.open = false;
      });
    }
  });
}
