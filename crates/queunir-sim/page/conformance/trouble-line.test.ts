// Trouble between page and server: what a person sees, and what the ledger says meanwhile.
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { onStage } from "./scene.ts";
import { holding, openChat, PNG, pressChat, said } from "./stage.ts";
import { NOTHING, watch } from "./watch.ts";

const test = onStage({
  async world(stage) {
    for (let index = 0; index < 60; index += 1) await stage.write("Long", `Line ${index}`);
  },
});

const banner = (page: Page): Locator => page.locator('[data-testid="chat-butterbar-offline"]');

test("trouble.slow_ms: what the ledger has at once comes to the page later", async ({ stage, truth, page }) => {
  await openChat(page, "Away");
  const drawing = await page.evaluateHandle(() => {
    const drawn = new Promise<number>((resolve) => {
      const look = (): void => {
        if (document.querySelector("#main")?.textContent?.includes("takes its time")) resolve(Date.now());
      };
      new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
    });
    return { drawn };
  });
  // Two seconds at this speed.
  await stage.post("trouble", { slow_ms: 16_000 });
  await stage.write("Away", "takes its time");
  await stage.post("trouble", {});
  const [told] = await truth.said("Away", "takes its time");
  const drawn = await drawing.evaluate((it) => it.drawn);
  expect(drawn - (told?.at ?? drawn)).toBeGreaterThan(1_900);
});

test("disturb.offline: nothing goes in or out until the network is back, then everything once", async ({
  stage,
  truth,
  page,
  chat,
}) => {
  await openChat(page, "Away");
  await stage.post("disturb", { offline: true });
  await banner(page).getByText("Computer not connected").waitFor();
  await stage.write("Away", "nobody hears this yet");
  await chat.write("written without a network");
  await said(page, "written without a network").waitFor();
  expect(await chat.state("written without a network")).toBe(" Pending ");
  expect(await said(page, "nobody hears this yet").count()).toBe(0);
  expect((await truth.said("Away", "nobody hears this yet"))[0]?.seen_at).toBeUndefined();
  expect(await truth.said("Away", "written without a network")).toHaveLength(0);

  await stage.post("disturb", { offline: false });
  await said(page, "nobody hears this yet").waitFor();
  await expect.poll(() => banner(page).count()).toBe(0);
  await expect.poll(() => chat.state("written without a network")).toBe(" Delivered ");
  expect(await chat.within('[data-testid^="conv-msg-"]').filter({ hasText: "written without a network" }).count()).toBe(
    1,
  );
  expect(await truth.said("Away", "written without a network")).toHaveLength(1);
  expect((await truth.account()).submissions.filter(({ title }) => title === "Away")).toMatchObject([{ count: 1 }]);
  await expect.poll(async () => (await truth.said("Away", "nobody hears this yet"))[0]?.seen_at).toBeGreaterThan(0);
});

test("disturb.cut: the line comes back by itself with what came meanwhile", async ({ stage, truth, page, chat }) => {
  await openChat(page, "Away");
  const starts = (await truth.acts("page_started")).length;
  const banners = await watch(page, '[data-testid="chat-butterbar-offline"]');
  await stage.post("disturb", { cut: true });
  await stage.write("Away", "while the line was cut");
  await said(page, "while the line was cut").waitFor();
  await expect.poll(banners).toEqual([NOTHING, expect.stringContaining("Computer not connected"), NOTHING]);
  expect(await chat.within('[data-testid^="conv-msg-"]').filter({ hasText: "while the line was cut" }).count()).toBe(1);
  expect(await truth.acts("page_started")).toHaveLength(starts + 1);
  expect(await truth.said("Away", "while the line was cut")).toHaveLength(1);
});

test("trouble.sync_stuck_at: a load stays at 99 % and shows no chats, though the device is linked", async ({
  stage,
  truth,
}) => {
  await stage.post("trouble", { sync_stuck_at: 99 });
  const other = await stage.unlinked({ zone: "America/Recife" });
  const devices = (await truth.account()).devices.length;
  await stage.scan(other);
  await other.getByText("[99%]").waitFor();
  expect(await other.locator("#pane-side").count()).toBe(0);
  expect((await truth.account()).devices).toHaveLength(devices + 1);
  expect((await truth.account()).acts.at(-1)?.act).toBe("page_started");
  await stage.post("trouble", {});
  // Meanwhile another load comes to its end.
  await (await stage.linked({ zone: "America/Belem" })).close();
  expect(await other.getByText("[99%]").count()).toBe(1);
  await other.reload();
  await other.locator("#pane-side").waitFor();
  await other.close();
});

test("trouble.rows_never_load: the former chat stays, and the ledger knows that one was opened", async ({
  stage,
  truth,
  page,
  chat,
}) => {
  await openChat(page, "Away");
  const opened = (await truth.acts("chat_opened")).length;
  await stage.post("trouble", { rows_never_load: true });
  await pressChat(page, "Texts");
  await expect.poll(async () => (await truth.acts("chat_opened")).length).toBe(opened + 1);
  expect((await truth.acts("chat_opened")).at(-1)?.chat).toBe((await truth.chats("Texts"))[0]?.id);
  await stage.heard(page);
  expect(await chat.within('[data-testid="conversation-info-header-chat-title"]').textContent()).toBe("Away");
  await stage.post("trouble", {});
});

test("trouble.media_never: a picture stays blurred under its download button, though the ledger has its bytes", async ({
  stage,
  truth,
  page,
  chat,
}) => {
  await stage.post("trouble", { media_never: true });
  await openChat(page, "Kinds");
  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/_media/")) asked.push(request.url());
  });
  await stage.write("Kinds", "", { body: { kind: "image", text: "Never here", file: "orchid.jpg" } });
  const picture = said(page, "Never here");
  const download = picture.locator('[data-testid="media-state-download"]');
  await download.waitFor();
  expect(await chat.within('img[src^="blob:"]').count()).toBe(0);
  expect(new Set(asked).size, "nothing is asked for twice by itself").toBe(asked.length);
  expect((await truth.said("Kinds", "Never here"))[0]?.media?.[0]?.hash).toMatch(/^[0-9a-f]{64}$/);
  await stage.post("trouble", {});
  await download.click();
  await picture.locator('img[src^="blob:"]').waitFor();
});

test("3.6-02 trouble.uploads_refused: a file that is not taken offers to try again, and only then is in the ledger", async ({
  stage,
  truth,
  page,
  chat,
}) => {
  await stage.post("trouble", { uploads_refused: true });
  await page.locator('[data-testid="conversation-clip"]').click();
  const asked = page.waitForEvent("filechooser");
  await page.locator('[data-testid="mi-attach-media"]').click();
  await (await asked).setFiles({ name: "dot.png", mimeType: "image/png", buffer: PNG });
  const preview = page.locator('[data-testid="media-preview"]');
  await preview.locator('[role="textbox"]').focus();
  await page.keyboard.insertText("Refused at first");
  await page.keyboard.press("Enter");
  const row = said(page, "Refused at first");
  await row.locator('[data-testid="media-state-upload"]').waitFor();
  expect(await chat.state("Refused at first")).toBe(" Pending ");
  expect(await truth.said("Kinds", "Refused at first")).toHaveLength(0);
  expect(await truth.acts("attached")).toHaveLength(0);
  const key = await row.getAttribute("data-id");

  await stage.post("trouble", {});
  await row.locator('[data-testid="media-state-upload"]').click();
  await expect.poll(() => chat.state("Refused at first")).not.toBe(" Pending ");
  expect(await row.locator('[data-testid^="media-state-"]').count()).toBe(0);
  expect(await truth.said("Kinds", "Refused at first")).toMatchObject([{ key, kind: "image" }]);
  expect(await truth.acts("attached")).toMatchObject([{ accepted: true }]);
  expect(await holding(page, '[data-testid="image-thumb"]').filter({ hasText: "Refused at first" }).count()).toBe(1);
});

test("trouble.older_on_phone trouble.older_refused: what the ledger has and the page lacks comes when the phone agrees", async ({
  stage,
  truth,
  page,
  chat,
}) => {
  // The first opening brings everything unread.
  await openChat(page, "Long");
  await openChat(page, "Off");
  await stage.post("trouble", { older_on_phone: true, older_refused: true });
  await openChat(page, "Long");
  const rows = chat.within('[data-testid^="conv-msg-"]');
  const ask = page.getByRole("button", { name: "Click here to get older messages from your phone." });
  const scroller = page.locator('[data-testid="conversation-panel-messages"]');
  await expect
    .poll(async () => {
      await scroller.evaluate((node) => node.scrollTo({ top: 0 }));
      return ask.count();
    })
    .toBe(1);
  await ask.click();
  const dialog = page.locator('[role="dialog"]');
  await dialog.getByText("This device needs your permission to load older messages.").waitFor();
  await dialog.locator('[data-testid="popup-controls-ok"]').click();
  const drawn = await rows.count();
  expect(await truth.messages("Long")).not.toHaveLength(drawn);
  await stage.post("trouble", { older_on_phone: true });
  await ask.click();
  await expect.poll(() => rows.count()).toBeGreaterThan(drawn);
  await stage.post("trouble", {});
});

test("trouble.numbers_absent: an unknown number gets a dialog and no chat, without the trouble a chat", async ({
  stage,
  truth,
}) => {
  await stage.post("trouble", { numbers_absent: true });
  const page = await stage.linked({ path: "/send?phone=5521955550000" });
  const dialog = page.locator('[role="dialog"]');
  await dialog.getByText("The phone number +55 21 95555-0000 isn't on WhatsApp.").waitFor();
  expect(await page.locator("#main").count()).toBe(0);
  expect(await truth.chats("+55 21 95555-0000")).toHaveLength(0);
  await stage.post("trouble", {});
  await page.reload();
  await page.locator('#main [data-testid="conversation-info-header-chat-title"][title="+55 21 95555-0000"]').waitFor();
  expect(await truth.chats("+55 21 95555-0000")).toHaveLength(1);
  await page.close();
});

test("trouble.ninth_digit_follows: a Brazilian mobile number opens the chat that is known without its ninth digit", async ({
  stage,
  truth,
}) => {
  await stage.post("trouble", { ninth_digit_follows: true });
  const page = await stage.linked({ path: "/send?phone=5521966660001" });
  await page.locator('#main [data-testid="conversation-info-header-chat-title"][title="+55 21 6666-0001"]').waitFor();
  expect(await truth.chats("+55 21 6666-0001")).toHaveLength(1);
  expect(await truth.chats("+55 21 96666-0001")).toHaveLength(0);
  await stage.post("trouble", {});
  await page.close();
});

test("trouble.ninth_digit_absent: such a number has no account with the digit and one without", async ({
  stage,
  truth,
}) => {
  await stage.post("trouble", { ninth_digit_absent: true });
  let page = await stage.linked({ path: "/send?phone=5521966660002" });
  await page.locator('[role="dialog"]').getByText("The phone number +55 21 96666-0002 isn't on WhatsApp.").waitFor();
  expect(await truth.chats("+55 21 96666-0002")).toHaveLength(0);
  await page.close();
  page = await stage.linked({ path: "/send?phone=552166660002" });
  await page.locator('#main [data-testid="conversation-info-header-chat-title"][title="+55 21 6666-0002"]').waitFor();
  expect(await truth.chats("+55 21 6666-0002")).toHaveLength(1);
  await stage.post("trouble", {});
  await page.close();
});
