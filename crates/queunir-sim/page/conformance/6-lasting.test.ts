// Evidence 6 and 8: what lasts and what does not, and what breaks in practice.
import { afterAll, beforeAll, expect, test } from "vitest";
import { openChat, Stage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.start();
});
afterAll(() => stage.end());

test("6-01 class names do not outlive the document, ids, roles and tabs do", async () => {
  const page = await stage.linked();
  const classes = async (): Promise<string[]> => {
    await openChat(page, "Kinds");
    for (const lasting of ["#app", "#side", "#pane-side", "#main", "#main header", "#main footer"])
      expect(await page.locator(lasting).count(), lasting).toBe(1);
    for (const tab of [3, 6, 8, 10, 11]) expect(await page.locator(`[data-tab="${tab}"]`).count()).toBeGreaterThan(0);
    const all = await page.locator("#pane-side *").evaluateAll((nodes) => nodes.flatMap((node) => [...node.classList]));
    return [...new Set(all)];
  };
  const before = await classes();
  await page.reload();
  await page.locator("#pane-side").waitFor();
  const after = new Set(await classes());
  expect(before.length).toBeGreaterThan(20);
  expect(before.filter((name) => after.has(name)).length).toBeLessThan(before.length / 10);
  await page.close();
});

test("6-02 the boot page names its revision", async () => {
  const html = await (await fetch(`${stage.base}/`)).text();
  expect(html).toMatch(/ data-btmanifest="\d{10}_main"/);
});

test("8-01 a product that the page does not know leads to the unsupported-browser page", async () => {
  const plain = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)";
  for (const agent of [
    `${plain} HeadlessChrome/156.0.0.0 Safari/537.36`,
    `${plain} Chrome/156.0.0.0 Electron/41.0.0 Safari/537.36`,
    `WhatsApp/2.3000 ${plain} Chrome/156.0.0.0 Safari/537.36`,
  ]) {
    const page = await stage.unlinked({ agent });
    await page.getByText("WhatsApp works with Google Chrome").waitFor();
    expect(await page.locator("[data-ref]").count(), agent).toBe(0);
    await page.close();
  }
});

test("8-02 the session is in the profile: a copy is linked too, a cleared one asks for a code", async () => {
  const page = await stage.linked();
  const copy = await stage.copied(page);
  await copy.locator("#pane-side").waitFor();
  await copy.close();
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        void indexedDB.databases().then((all) => {
          let left = all.length;
          for (const { name } of all) {
            const asked = indexedDB.deleteDatabase(name ?? "");
            const done = (): void => {
              left -= 1;
              if (left === 0) resolve();
            };
            asked.addEventListener("success", done);
            asked.addEventListener("blocked", done);
          }
        });
      }),
  );
  await page.reload();
  await page.locator("[data-ref]").waitFor();
  await page.close();
});

test("8-03 of two pages with one profile one is shut out", async () => {
  const first = await stage.linked({ zone: "America/Recife" });
  const second = await stage.linked({ zone: "America/Recife" });
  await first.getByText("WhatsApp is open in another window").waitFor();
  expect(await first.locator("#pane-side").count()).toBe(0);
  expect(await second.locator("#pane-side").count()).toBe(1);
  await first.close();
  await second.close();
});
