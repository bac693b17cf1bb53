// Evidence 1.1, 1.2, 1.5 and 1.6: boot page, screens, banners, dialogs.
import { afterAll, beforeAll, expect, test } from "vitest";
import { openChat, Stage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.start();
});
afterAll(() => stage.end());

const served = async (query = ""): Promise<string> => (await fetch(`${stage.base}/${query}`)).text();
const body = (html: string): string => html.slice(html.indexOf("<body"), html.indexOf("</body>"));

test("1.1-01 the document is whatsapp-web in the language of the page", async () => {
  expect(await served("?locale=it_IT")).toContain('<html id="whatsapp-web" lang="it" dir="ltr">');
  const page = await stage.unlinked({ locale: "pt_BR" });
  await page.locator("[data-ref]").waitFor();
  expect(await page.locator("html").getAttribute("lang")).toBe("pt");
  await page.close();
});

test("1.1-02 the query selects the language, and the page lists the others", async () => {
  expect(await served()).toMatch(/<link rel="alternate" hreflang="pt-br" href="\/\?locale=pt_BR">/);
  const page = await stage.unlinked({ locale: "es" });
  await page.locator('canvas[aria-label^="Escane"]').waitFor();
  await page.close();
});

test("1.1-03 the served body holds the splash alone", async () => {
  const html = body(await served());
  expect(html).toContain('<div id="wa_web_initial_startup">');
  expect(html).toMatch(/<progress value="0" max="100" dir="ltr">/);
  expect(html).toContain("End-to-end encrypted");
  const page = await stage.unlinked();
  const outside = await page.evaluate(
    (text) => {
      const parsed = new DOMParser().parseFromString(text, "text/html");
      return [...parsed.body.children]
        .filter((one) => !["SCRIPT", "LINK", "STYLE"].includes(one.tagName))
        .map((one) => one.id);
    },
    await served(),
  );
  expect(outside).toEqual(["wa_web_initial_startup", "has-finished-comet-page"]);
  await page.close();
});

test("1.1-04 the client makes the mount node, #app and the wrapper", async () => {
  expect(body(await served())).not.toContain('id="app"');
  const page = await stage.unlinked();
  await page.locator('[id^="mount_0_0_"] > #app > .app-wrapper-web').waitFor();
  await page.close();
});

test("1.1-05 the splash goes when the first screen is up", async () => {
  const page = await stage.unlinked();
  await page.locator("[data-ref]").waitFor();
  expect(await page.locator("#wa_web_initial_startup").count()).toBe(0);
  await page.close();
});

test("1.2-02 the loading screen has a percentage and its words", async () => {
  const page = await stage.unlinked();
  await page.locator("[data-ref]").waitFor();
  await stage.post("speed", { speed: 0.3 });
  await stage.scan(page);
  const screen = page.locator('[data-testid="wa-web-loading-screen"]');
  await screen.getByText(/\[\d+%\]/).waitFor();
  expect(await screen.locator("progress").count()).toBe(1);
  for (const words of ["Loading your chats", "Don't close this window", "End-to-end encrypted", "Log out"])
    expect(await screen.textContent()).toContain(words);
  await stage.post("speed", { speed: 8 });
  await page.locator("#pane-side").waitFor();
  await page.close();
});

test("1.2-03 the code's screen has a heading", async () => {
  const page = await stage.unlinked();
  await page.locator('[data-testid="link-device-qr-code"]').waitFor();
  expect(await page.getByText("Scan to log in").count()).toBe(1);
  await page.close();
});

test("1.2-05 MAIN has its test id and the two ids of the side", async () => {
  const page = await stage.linked();
  await page.locator('[data-testid="wa-web-main-screen"] #side #pane-side').waitFor();
  await page.close();
});

test("1.2-06 another page of the device shows the popup with Use here", async () => {
  const first = await stage.linked();
  const second = await stage.linked();
  const popup = first.locator('[data-testid="confirm-popup"]');
  await popup.waitFor();
  expect(await popup.textContent()).toContain("WhatsApp is open in another window");
  await popup.getByText("Close").waitFor();
  await popup.locator('[data-testid="popup-controls-ok"]', { hasText: "Use here" }).click();
  await first.locator("#pane-side").waitFor();
  await second.locator('[data-testid="confirm-popup"]').waitFor();
  await first.close();
  await second.close();
});

test("1.2-08 offline inside MAIN is a banner", async () => {
  const page = await stage.linked();
  await stage.post("disturb", { offline: true });
  await page.locator('[data-testid="chat-butterbar-offline"]').waitFor();
  await stage.post("disturb", { offline: false });
  await expect.poll(() => page.locator('[data-testid="chat-butterbar-offline"]').count()).toBe(0);
  await page.close();
});

test("1.5-01 the document navigates between scan and MAIN", async () => {
  const page = await stage.unlinked();
  await page.locator("[data-ref]").waitFor();
  await page.evaluate(() => Object.assign(globalThis, { before: true }));
  await stage.scan(page);
  await page.locator("#pane-side").waitFor();
  expect(await page.evaluate(() => "before" in globalThis)).toBe(false);
  await page.close();
});

test("1.6-01 the banner has a title and a body", async () => {
  const page = await stage.linked();
  await stage.post("disturb", { offline: true });
  const banner = page.locator('#side [data-testid="chat-butterbar"]');
  await banner.getByText("Computer not connected").waitFor();
  await banner.getByText("Make sure your computer has an active Internet connection.").waitFor();
  await stage.post("disturb", { offline: false });
  await page.close();
});

test("1.6-01 other banners can be closed, and two can show at once", async () => {
  const page = await stage.linked();
  await stage.post("disturb", {
    banner: { id: "notifications", title: "Turn on desktop notifications", body: "Get told" },
  });
  await stage.post("disturb", { banner: { id: "update", title: "Update available", body: "Click to update" } });
  const bars = page.locator('[data-testid="chat-butterbar"] > div');
  await expect.poll(() => bars.count()).toBe(2);
  await bars.first().locator("button:has(title)").click();
  await expect.poll(() => bars.count()).toBe(1);
  await page.close();
});

test("1.6-03 a dialog has role, contents, title and controls", async () => {
  const page = await stage.linked();
  await stage.post("disturb", { dialog: { id: "d1", title: "Sure?", text: "Really", ok: "Yes", cancel: "No" } });
  const dialog = page.locator('div[role="dialog"]');
  await dialog.locator('[data-testid="confirm-popup"][data-animate-modal-popup] [data-animate-modal-body]').waitFor();
  expect(await dialog.locator('[data-testid="popup-contents"] [data-testid="popup-title"]').textContent()).toBe(
    "Sure?",
  );
  expect(await dialog.locator('[data-testid="popup-controls-cancel"]').count()).toBe(1);
  await dialog.locator('[data-testid="popup-controls-ok"]').click();
  await expect.poll(() => dialog.count()).toBe(0);
  await page.close();
});

test("1.6-04 the fresh look blocks until Continue", async () => {
  const page = await stage.linked();
  const fresh = {
    id: "d2",
    title: "A fresh look for WhatsApp Web",
    text: "New colours.",
    ok: "Continue",
    cancel: null,
  };
  await stage.post("disturb", { dialog: fresh });
  await page.getByRole("button", { name: "Continue" }).waitFor();
  expect(await page.locator('[data-testid="confirm-popup"]').count()).toBe(0);
  await page.getByRole("button", { name: "Continue" }).click();
  await openChat(page, "Kinds");
  await page.close();
});

test("1.2-01 every full screen takes the page, the strongest of them, until none of them holds", async () => {
  const page = await stage.linked();
  // The order of the evidence from the second on; the others are states of the line, of which one holds at a time.
  const screens = [
    ["passkey", "passkey"],
    ["offline", "Computer not connected"],
    ["proxy_block", "network blocks"],
    ["tos", "WhatsApp is updating its terms"],
    ["smb_tos", "WhatsApp Business is updating its terms"],
    ["screen_lock", "WhatsApp Web is locked"],
    ["call_takeover", "another window"],
    ["service_unavailable", "temporarily unavailable"],
    ["temp_ban", "temporarily banned"],
  ] as const;
  const app = page.locator("#app");
  for (const [screen, words] of screens) {
    await stage.post("disturb", { screen });
    await app.getByText(words).waitFor();
    expect(await page.locator("#pane-side").count()).toBe(0);
  }
  for (const [screen] of screens) await stage.post("disturb", { screen });
  await stage.post("disturb", { dialog: { id: "d0", title: null, text: "All of them came", ok: "OK", cancel: null } });
  await page.getByText("All of them came").waitFor();
  await app.getByText("temporarily banned").waitFor();
  await stage.post("disturb", { screen: "none" });
  await page.locator("#pane-side").waitFor();
  await stage.post("disturb", { screen: "temp_ban" });
  await app.getByText("temporarily banned").waitFor();
  await page.reload();
  await page.locator("#pane-side").waitFor();
  await page.close();
});

test("1.6-05 a ban is a screen, no dialog", async () => {
  const page = await stage.linked();
  await stage.post("disturb", { screen: "temp_ban" });
  await page.getByText("temporarily banned").waitFor();
  expect(await page.locator('[role="dialog"]').count()).toBe(0);
  await page.close();
});

test("1.2-07 a conflict is a popup of the same shape that takes over", async () => {
  const page = await stage.linked();
  await stage.post("disturb", { screen: "conflict" });
  const popup = page.locator('[role="dialog"] [data-testid="confirm-popup"]');
  await popup.getByText("open on another computer").waitFor();
  await popup.locator('[data-testid="popup-controls-ok"]').click();
  await page.locator("#pane-side").waitFor();
  await page.close();
});

test("1.5-03 a load can stay at its percentage until the next one", async () => {
  await stage.post("trouble", { sync_stuck_at: 60 });
  const page = await stage.unlinked();
  await page.locator("[data-ref]").waitFor();
  await stage.scan(page);
  await page.getByText("[60%]").waitFor();
  await stage.post("trouble", {});
  // Meanwhile another load comes to its end.
  const other = await stage.unlinked();
  await stage.scan(other);
  await other.locator("#pane-side").waitFor();
  await other.close();
  expect(await page.getByText("[60%]").count()).toBe(1);
  await page.reload();
  await page.locator("#pane-side").waitFor();
  await page.close();
});

test("1.5-02 history arrives after MAIN under a banner with a percentage; until it has, chats are missing", async () => {
  const page = await stage.linked();
  const grid = page.locator('#pane-side [role="grid"]');
  const whole = Number(await grid.getAttribute("aria-rowcount"));
  await stage.post("disturb", { history: 61 });
  await page.locator("#side").getByText("Syncing older messages. See progress.").waitFor();
  await page.locator("#side").getByText("61% complete").waitFor();
  await expect.poll(async () => Number(await grid.getAttribute("aria-rowcount"))).toBeLessThan(whole);
  await stage.post("disturb", { history: 100 });
  await expect.poll(() => page.locator("#side").textContent()).not.toContain("% complete");
  await expect.poll(async () => Number(await grid.getAttribute("aria-rowcount"))).toBe(whole);
  await page.close();
});
