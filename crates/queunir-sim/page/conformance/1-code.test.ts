// Evidence 1.3 and 1.4: the code, and the login by number.
import { afterAll, beforeAll, expect, test } from "vitest";
import { Stage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.start();
});
afterAll(() => stage.end());

test("1.3-01 the code is a canvas with a label inside the node with the ref", async () => {
  const page = await stage.unlinked();
  const canvas = page.locator('div[data-testid="link-device-qr-code"][data-ref] canvas[aria-label]');
  await canvas.waitFor();
  expect(await canvas.getAttribute("aria-label")).toBe("Scan this QR code to link a device!");
  expect(await page.locator("[data-ref] > span").count()).toBe(1);
  await page.close();
});

test("1.3-02 the ref has five parts and begins with 2@", async () => {
  const page = await stage.unlinked();
  const ref = await page.locator("[data-ref]").getAttribute("data-ref");
  expect(ref).toMatch(/^2@[\w+/=]+(,[\w+/=]+){3},1$/);
  await page.close();
});

test("1.3-05 six refs, the first three times as long as the others", async () => {
  await stage.post("speed", { speed: 12 });
  const page = await stage.unlinked();
  const seen: { ref: string; at: number }[] = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const found: { ref: string; at: number }[] = [];
        const timer = setInterval(() => {
          const ref = document.querySelector("[data-ref]")?.getAttribute("data-ref");
          if (ref && ref !== found.at(-1)?.ref) found.push({ ref, at: performance.now() });
          if (found.length === 6) {
            clearInterval(timer);
            resolve(found);
          }
        }, 5);
      }),
  );
  const gaps = seen.slice(1).map((one, index) => one.at - (seen[index]?.at ?? 0));
  expect(gaps[0]).toBeGreaterThan(2 * Math.max(...gaps.slice(1)));
  await stage.post("speed", { speed: 8 });
  await page.close();
});

test("1.3-06 an idle code is dimmed under a button that brings another", async () => {
  await stage.post("speed", { speed: 400 });
  const page = await stage.unlinked();
  const canvas = page.locator("[data-ref] canvas");
  await expect.poll(() => canvas.evaluate((node) => getComputedStyle(node).opacity)).toBe("0.04");
  const old = await page.locator("[data-ref]").getAttribute("data-ref");
  await stage.post("speed", { speed: 8 });
  await page.getByRole("button", { name: "Click to reload QR code" }).click();
  await expect.poll(() => page.locator("[data-ref]").getAttribute("data-ref")).not.toBe(old);
  await page.close();
});

test("1.3-07 without a ref there is a spinner and no data-ref", async () => {
  await stage.post("speed", { speed: 400 });
  const page = await stage.unlinked();
  const reload = page.getByRole("button", { name: "Click to reload QR code" });
  await reload.waitFor();
  await stage.post("speed", { speed: 8 });
  await stage.post("trouble", { slow_ms: 16_000 });
  const waiting = await page.evaluateHandle(() => {
    const refs = new Promise<number>((resolve) => {
      new MutationObserver(() => {
        if (document.querySelector('[data-testid="link-device-qr-code-screen"] [role="progressbar"]'))
          resolve(document.querySelectorAll("[data-ref]").length);
      }).observe(document, { subtree: true, childList: true });
    });
    return { refs };
  });
  await reload.click();
  expect(await waiting.evaluate((it) => it.refs)).toBe(0);
  await stage.post("trouble", {});
  await page.locator("[data-ref]").waitFor();
  await page.close();
});

test("1.3-03 codes can carry an address before and behind", async () => {
  await stage.post("look", { ref_prefix: true, ref_suffix: true });
  const page = await stage.unlinked();
  const ref = await page.locator("[data-ref]").getAttribute("data-ref");
  expect(ref).toMatch(/^https:\/\/wa\.me\/settings\/linked_devices#2@.*,1,https:\/\/faq\.whatsapp\.com\/r\/ld$/);
  await stage.scan(page);
  await page.locator("#pane-side").waitFor();
  await stage.post("look", {});
  await page.close();
});

test("1.2-04 1.4-01 1.4-02 a number and eight characters link too", async () => {
  const page = await stage.unlinked();
  await page.getByText("Log in with phone number").click();
  const form = page.locator('[data-testid="link-device-phone-number-entry-screen"]');
  await form.locator('input[dir="ltr"]').fill("+55 11 90000-0077");
  await form.locator('[data-testid="link-device-phone-number-entry-next-button"]').click();
  const cells = page.locator('[data-testid="link-with-phone-number-code-cells"][data-link-code][aria-details]');
  await cells.waitFor();
  const code = await cells.getAttribute("data-link-code");
  expect(code).toMatch(/^[A-Z1-9](,[A-Z1-9]){7}$/);
  const shown = (await cells.textContent()) ?? "";
  expect(shown.replace("-", "")).toBe(code?.replaceAll(",", ""));
  expect(await cells.locator('span[aria-hidden="true"]').textContent()).toBe("-");
  await stage.post("scan", { link_code: shown });
  await page.locator("#pane-side").waitFor();
  await page.close();
});

test("1.3-08 without a network another sign lies where the reload button would, and goes when it is back", async () => {
  const page = await stage.unlinked();
  const canvas = page.locator("[data-ref] canvas");
  await canvas.waitFor();
  await stage.post("disturb", { offline: true });
  const sign = page.locator('[data-testid="link-device-qr-code-screen"]').getByText("Computer not connected");
  await sign.waitFor();
  const [over, under] = [await sign.boundingBox(), await canvas.boundingBox()];
  expect(over && under && over.x >= under.x && over.y >= under.y && over.y < under.y + under.height).toBe(true);
  expect(await canvas.evaluate((node) => getComputedStyle(node).opacity)).toBe("0.04");
  expect(await page.getByRole("button", { name: "Click to reload QR code" }).count()).toBe(0);
  await stage.post("disturb", { offline: false });
  await expect.poll(() => sign.count()).toBe(0);
  await expect.poll(() => canvas.evaluate((node) => getComputedStyle(node).opacity)).toBe("1");
  await stage.scan(page);
  await page.locator("#pane-side").waitFor();
  await page.close();
});
