// Evidence 3.5 to 3.8: texts, other kinds, system rows, delivery states.
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { daysAgo, holding, openChat, Stage, said } from "./stage.ts";

let stage: Stage;
let page: Page;
beforeAll(async () => {
  stage = await Stage.start();
  await stage.post("look", { stranger_card: true, typing_bubble: true });
  page = await stage.linked();
});
afterAll(() => stage.end());

const main = (selector: string): Locator => page.locator(`#main ${selector}`);
const textOf = (words: string): Locator => said(page, words).locator('[data-testid="selectable-text"]').last();
const scrollTo = (top: number): Promise<void> =>
  page.locator('[data-testid="conversation-panel-messages"]').evaluate((node, to) => node.scrollTo({ top: to }), top);
const open = async (title: string): Promise<void> => {
  await openChat(page, title);
  await scrollTo(0);
};
const label = (words: string): Promise<string | null> =>
  said(page, words).locator('[data-testid="msg-meta"] [aria-label]').getAttribute("aria-label");

test("3.5-01 a body is a selectable, copyable span with a direction", async () => {
  await open("Texts");
  const span = main(
    '[data-testid^="conv-msg-"] span[data-testid="selectable-text"].selectable-text.copyable-text[dir]',
  );
  expect(await span.count()).toBeGreaterThan(8);
  expect(await textOf("مرحبا").getAttribute("dir")).toBe("rtl");
  expect(await textOf("Old as a date").getAttribute("dir")).toBe("ltr");
});

test("3.5-04 emoji are pictures with their character", async () => {
  const emoji = textOf("there").locator("img.emoji[alt]");
  expect(await emoji.getAttribute("alt")).toBe("😀");
  expect(await emoji.getAttribute("data-plain-text")).toBe("😀");
  expect(await emoji.getAttribute("draggable")).toBe("false");
});

test("3.5-05 emoji alone are larger, and one has no selectable span", async () => {
  const width = (within: Locator): Promise<number> => within.evaluate((node) => node.getBoundingClientRect().width);
  const one = holding(page, 'img[alt="😍"]').last();
  expect(await one.locator('[data-testid="selectable-text"]').count()).toBe(0);
  const small = await width(textOf("there").locator("img").first());
  const two = holding(page, 'img[alt="😀"] + img[alt="😀"]').locator("img").first();
  expect(await width(two)).toBeGreaterThan(small * 1.5);
  expect(await width(one.locator("img").first())).toBeGreaterThan(await width(two));
});

test("3.5-06 formatting keeps its signs in attributes", async () => {
  const body = textOf("slanted");
  for (const [tag, sign] of [
    ["strong", "*"],
    ["em", "_"],
    ["del", "~"],
    ["code", "`"],
  ] as const)
    expect(await body.locator(tag).getAttribute("data-app-text-template")).toContain(sign);
  expect(await main("blockquote").textContent()).toBe("a quotation");
  expect(await main("li[data-app-text-template]").textContent()).toBe("an item");
});

test("3.5-07 line breaks are newlines", async () => {
  expect(await textOf("Line one").textContent()).toBe("Line one\nLine two");
  expect(
    await textOf("Line one")
      .locator("> span")
      .evaluate((node) => getComputedStyle(node).whiteSpace),
  ).toMatch(/^pre-wrap/);
});

test("3.5-09 the rest of a long text is not there until it is asked for", async () => {
  await stage.write("Texts", `${"long words ".repeat(120)}THE END`);
  await scrollTo(1_000_000);
  const more = main('[role="button"]').filter({ hasText: "Read more" }).last();
  await more.waitFor();
  expect(await page.locator("#main").textContent()).not.toContain("THE END");
  await more.click();
  await expect.poll(() => page.locator("#main").textContent()).toContain("THE END");
});

test("3.5-10 links and their preview", async () => {
  await scrollTo(0);
  expect(await textOf("for more").locator('a[href="https://example.com/a?b=1"][dir="ltr"]').count()).toBe(1);
  const card = said(page, "for more").locator('[data-testid="link-preview-container"]');
  expect(await card.locator("[title]").getAttribute("title")).toBe("Example page");
  expect(await card.locator('[data-testid="link-preview-thumbnail"]').count()).toBe(1);
  expect(await card.textContent()).toContain("example.com");
});

test("3.5-11 a spoiler is a canvas until it is clicked", async () => {
  const spoiler = main('[data-testid="spoiler"]');
  expect(await spoiler.locator("canvas").count()).toBe(1);
  expect(await page.locator("#main").textContent()).not.toContain("secret");
  await spoiler.click();
  expect(await spoiler.textContent()).toBe("secret");
});

test("3.7-01 dates stand between the rows without a key", async () => {
  const yesterday = main('span[dir="auto"]')
    .filter({ hasText: /^Yesterday$/ })
    .first();
  expect(await yesterday.evaluate((node) => node.closest("[data-id]"))).toBe(null);
  const { year } = daysAgo(9);
  await main('span[dir="auto"]')
    .filter({ hasText: new RegExp(`^\\d?\\d/\\d?\\d/${year}$`) })
    .first()
    .waitFor();
  const { weekday } = daysAgo(3);
  await main('span[dir="auto"]')
    .filter({ hasText: new RegExp(`^${weekday}$`) })
    .first()
    .waitFor();
});

test("3.7-02 a copy of the date floats while scrolling", async () => {
  await page.mouse.move(800, 400);
  await page.mouse.wheel(0, 120);
  const floating = main(".copyable-area > div").first();
  await expect.poll(() => floating.textContent()).not.toBe("");
  expect(await floating.evaluate((node) => node.closest('[data-testid="conversation-panel-messages"]'))).toBe(null);
  await expect.poll(() => floating.textContent(), { timeout: 5000 }).toBe("");
});

test("3.1-06 the former chat stays until the next is drawn", async () => {
  await stage.post("trouble", { slow_ms: 6000 });
  await page.locator('#pane-side [title="Kinds"]').first().click();
  await page.waitForTimeout(150);
  expect(await page.locator('#main [data-testid="conversation-info-header-chat-title"]').textContent()).toBe("Texts");
  await stage.post("trouble", {});
  await page.locator('#main [data-testid="conversation-info-header-chat-title"][title="Kinds"]').waitFor();
  await scrollTo(0);
});

test("3.6-01 a picture is a blob once downloaded, else a blurred background", async () => {
  await open("Kinds");
  const thumb = holding(page, '[data-testid="image-thumb"]')
    .first()
    .locator('[data-testid="image-thumb"][role="button"][aria-label="Open picture"]');
  await thumb.locator('img[src^="blob:"]').waitFor();
  expect(await thumb.locator('[style*="data:image/jpeg;base64"]').count()).toBe(1);
  await scrollTo(1_000_000);
  await said(page, "Late one").waitFor();
  expect(await said(page, "Late one").locator("img[src^=blob]").count()).toBe(0);
});

test("3.6-02 what has not arrived offers a download, what is coming waits", async () => {
  await said(page, "Late one").locator('[data-testid="media-state-download"]').waitFor();
  const key = (await said(page, "Late one").getAttribute("data-id")) ?? "";
  await stage.happen("Kinds", key, { do: "arrive" });
  await said(page, "Late one").locator("img[src^=blob]").waitFor();
  expect(await said(page, "Late one").getAttribute("data-id")).toBe(key);
});

test("3.6-03 films have a length, GIFs a mark", async () => {
  await scrollTo(0);
  expect(await main('[data-testid="video-content"]').first().textContent()).toContain("0:14");
  expect(await main('[data-testid="image-thumb-gif"] [data-testid="media-gif"]').count()).toBe(1);
});

test("3.6-04 a film has two posters", async () => {
  expect(await main('[data-testid="video-content"]').first().locator('[style*="data:image"]').count()).toBe(2);
});

test("3.6-05 an album is one row with tiles and a count", async () => {
  const album = holding(page, '[data-testid="media-album"]');
  expect(await album.count()).toBe(1);
  expect(await album.locator('[style*="grid-area"]').count()).toBe(4);
  expect(await album.textContent()).toContain("+2");
});

test("3.6-06 a voice note has a button, a label, a length and no audio element", async () => {
  const note = holding(page, '[data-icon="ptt-status"]').first();
  expect(await note.locator('button[aria-label="Play voice message"] title').textContent()).toBe(
    "ic-play-arrow-filled",
  );
  expect(await note.locator('span[aria-label="Voice message"]').count()).toBe(1);
  expect(await note.locator("canvas").count()).toBe(1);
  expect(await note.textContent()).toContain("0:14");
  expect(await page.locator("audio").count()).toBe(0);
});

test("3.6-07 listening changes the colour of the microphone", async () => {
  const note = holding(page, '[data-icon="ptt-status"]').first();
  const colour = (): Promise<string> =>
    note.locator('[data-icon="ptt-status"]').evaluate((node) => getComputedStyle(node).color);
  const before = await colour();
  await note.locator("button").first().click();
  await expect.poll(colour).not.toBe(before);
});

test("3.6-08 a sound file is fetched, then played", async () => {
  const sound = holding(page, '[data-testid="media-canvas-audio-thumb"]');
  await sound.locator('[data-testid="audio-download"]').click();
  await sound.locator('[data-testid="audio-play"]').waitFor();
});

test("3.6-09 a document has its name, type and size", async () => {
  const file = holding(page, 'span[title="Price list.pdf"]');
  expect(await file.textContent()).toMatch(/3 pages • PDF • \d+ kB/);
});

test("3.6-10 a sticker is a picture without words", async () => {
  const sticker = holding(page, '[data-testid="sticker-container"]');
  await sticker.locator('img[data-testid="media-sticker"][alt][src^="blob:"]').waitFor();
  expect(await sticker.locator('[data-testid="selectable-text"]').count()).toBe(0);
});

test("3.6-11 a place links to a map", async () => {
  const href = await main('[data-testid="location-msg"] a').first().getAttribute("href");
  expect(decodeURIComponent(href ?? "")).toContain("-23.5505,-46.6333");
});

test("3.6-12 a card tells numbers only in its dialog", async () => {
  const card = holding(page, '[data-testid="vcard-msg"]');
  expect(await card.textContent()).toContain("Rui Prado and 1 other contact");
  expect(await card.innerHTML()).not.toContain("97000");
  await card.getByRole("button", { name: "View all" }).click();
  await page.locator('[role="dialog"]').getByText("+55 11 97000-0002").waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(() => page.locator('[role="dialog"]').count()).toBe(0);
});

test("3.6-13 a poll has options with labels and votes", async () => {
  const poll = main('[data-testid="poll-bubble"]').first();
  expect(await poll.locator('[data-testid="poll-option-1"] [data-testid="poll-option-row-label-Friday"]').count()).toBe(
    1,
  );
  expect(await poll.locator('[data-testid="poll-view-votes"]').count()).toBe(1);
  await poll.locator('[data-testid="poll-option-0"]').click();
  await expect.poll(() => poll.locator('[data-testid="poll-option-0"]').getAttribute("aria-pressed")).toBe("true");
});

test("3.6-14 an answer shows author, words and thumbnail, not the key", async () => {
  const answer = said(page, "Answer to the typo").locator('[data-testid="quoted-message"]');
  expect(await answer.locator('div[role="button"][aria-label="Quoted message"]').count()).toBe(1);
  expect(await answer.locator('[data-testid="author"]').textContent()).toBe("Kinds");
  expect(await answer.locator(".quoted-mention").textContent()).toBe("No typo here");
  const source = await said(page, "No typo here").getAttribute("data-id");
  expect(await answer.innerHTML()).not.toContain(source ?? "none");
  const thumb = (within: Locator): Promise<string | null> =>
    within.locator('[style*="data:image/jpeg"]').first().getAttribute("style");
  expect(await thumb(said(page, "We quote the picture").locator('[data-testid="quoted-message"]'))).toBe(
    await thumb(holding(page, '[data-testid="image-thumb"]').first()),
  );
});

test("3.5-03 quoted words leak into the row's text", async () => {
  expect(await said(page, "Answer to the typo").textContent()).toContain("No typo here");
  expect(await said(page, "Answer to the typo").locator('[data-testid="selectable-text"]').textContent()).toBe(
    "Answer to the typo",
  );
});

test("3.6-15 what was passed on says so", async () => {
  const header = said(page, /Passed on\d/).locator('[data-testid="forwarded-header"]');
  expect(await header.locator('[data-testid="forward-refreshed"]').count()).toBe(1);
  expect(await said(page, "Passed on a lot").locator('[data-testid="forwarded-header"]').textContent()).toContain(
    "Forwarded many times",
  );
});

test("3.6-16 an edited message says so in its corner", async () => {
  expect(
    await main('[data-testid^="conv-msg-"]:not(:has([data-testid="quoted-message"]))')
      .filter({ hasText: "No typo here" })
      .locator('[data-testid="msg-meta"]')
      .textContent(),
  ).toContain("Edited");
  await expect.poll(() => page.locator("#main").textContent()).not.toContain("Typo here");
});

test("3.6-17 a starred message has a labelled icon in its corner", async () => {
  expect(
    await said(page, "Much loved").locator('[data-testid="msg-meta"] [data-testid="icon-star"][aria-label]').count(),
  ).toBe(1);
});

test("3.6-18 reactions are outside the bubble and named; the hover button is none", async () => {
  const one = said(page, "Much loved").locator('[data-testid="reaction-bubble"] button[aria-haspopup]');
  expect(await one.getAttribute("aria-label")).toBe("reaction 👍. View reactions");
  expect(await one.evaluate((node) => node.closest('[data-testid="msg-container"]'))).toBe(null);
  const two = said(page, "Twice loved").locator('[data-testid="reaction-bubble"] button');
  expect(await two.getAttribute("aria-label")).toBe("Reactions ❤️ 2 in total. View reactions");
  await said(page, "Passed on a lot").hover();
  await said(page, "Passed on a lot").locator('button[aria-label="React"]').waitFor();
  expect(await said(page, "Passed on a lot").locator('[data-testid="reaction-bubble"]').count()).toBe(0);
});

test("3.6-19 a deleted message is an icon and a sentence", async () => {
  const theirs = said(page, "This message was deleted");
  expect(await theirs.locator('[data-icon="recalled"]').count()).toBe(1);
  expect(await theirs.locator("[data-pre-plain-text]").count()).toBe(0);
  expect(await said(page, "You deleted this message").count()).toBe(1);
  await open("Group of three");
  await said(page, "deleted by admin Ana Reis").waitFor();
});

test("3.5-08 a named person is a button with the hidden id", async () => {
  const mention = said(page, "Thanks").locator('span[role="button"] span[data-plain-text="@Nara"]');
  expect(await mention.getAttribute("data-app-text-template")).toMatch(/^\d{15}@lid$/);
});

test("3.7-03 the divider counts and has no key", async () => {
  const divider = main('span[aria-live="polite"]');
  expect(await divider.textContent()).toBe("3 unread messages");
  expect(await divider.evaluate((node) => node.closest("[data-id]"))).toBe(null);
});

test("3.7-04 notices carry a subtype in no language", async () => {
  expect(await main('[data-testid="msg-notification-container"] [data-testid="subtype-group_created"]').count()).toBe(
    1,
  );
  await stage.toChat("Group of three", { do: "leave", who: "Nara" });
  await main('[data-testid="subtype-leave"]').waitFor();
});

test("3.7-05 the encryption notice can be pressed", async () => {
  const notice = main('[role="button"] [data-testid="subtype-encrypt"]');
  expect(await notice.textContent()).toContain("Messages and calls are end-to-end encrypted");
});

test("3.7-06 the card of a stranger blocks, reports and adds", async () => {
  await open("+55 11 92000-0021");
  for (const testid of ["block-btn", "report-btn", "add-contact-btn"])
    expect(await main(`[data-testid="${testid}"]`).count()).toBe(1);
});

test("3.7-07 who types shows as a bubble without a key at the end", async () => {
  const typing = (on: boolean): Promise<unknown> =>
    stage.post(`accounts/conf/chats/${encodeURIComponent("+55 11 92000-0021")}/typing`, { on });
  await typing(true);
  const bubble = main('[data-tab="8"] > div:last-child');
  await expect.poll(() => bubble.textContent()).toBe("•••");
  expect(await bubble.locator("[data-id]").count()).toBe(0);
  await typing(false);
  await expect.poll(() => main('[data-testid="typing-bubble"]').count()).toBe(0);
});

test("3.6-20 what could not be read becomes readable under the same key", async () => {
  await open("Kinds");
  const key = (await said(page, "Waiting for this message").getAttribute("data-id")) ?? "";
  await stage.happen("Kinds", key, { do: "decrypt", body: { kind: "text", text: "Readable now" } });
  await expect
    .poll(() => main(`[data-testid="conv-msg-${key}"] [data-testid="selectable-text"]`).textContent())
    .toBe("Readable now");
});

test("3.6-21 view once says to open it on the phone", async () => {
  await said(page, "open it on your phone").waitFor();
});

test("3.6-22 a call is a system row", async () => {
  const call = main('[data-testid="msg-notification-container"] [data-testid="call-log-system-message"]');
  expect(await call.textContent()).toContain("Missed voice call");
});

test("3.6-23 a failure is an icon beside the bubble", async () => {
  await stage.post("trouble", { send_delivered_but_error: true });
  await page.keyboard.insertText("Fails here");
  await page.keyboard.press("Enter");
  await said(page, "Fails here").locator('[data-testid="message-fail"]').waitFor();
  expect(
    await said(page, "Fails here").locator('[data-testid="msg-container"] [data-testid="message-fail"]').count(),
  ).toBe(0);
  await stage.post("trouble", {});
});

test("3.6-24 a drawn row changes in place", async () => {
  const key = await stage.write("Kinds", "First form");
  const row = main(`[data-testid="conv-msg-${key}"]`);
  await row.waitFor();
  await row.evaluate((node) => Object.assign(node, { marked: true }));
  await stage.happen("Kinds", key, { do: "edit", text: "Second form" });
  await stage.happen("Kinds", key, { do: "react", emoji: "🎉" });
  await row.locator('[data-testid="reaction-bubble"]').waitFor();
  expect(await row.textContent()).toContain("Second form");
  await stage.happen("Kinds", key, { do: "delete" });
  await row.locator('[data-icon="recalled"]').waitFor();
  expect(await row.evaluate((node) => "marked" in node)).toBe(true);
});

test("3.8-01 pending is a clock", async () => {
  await stage.post("trouble", { send_never_delivered: true });
  await page.keyboard.insertText("Stays pending");
  await page.keyboard.press("Enter");
  await said(page, "Stays pending").waitFor();
  expect(await label("Stays pending")).toBe(" Pending ");
  expect(await said(page, "Stays pending").locator('[data-testid="wds-ic-status-pending"] title').textContent()).toBe(
    "wds-ic-status-pending",
  );
  await stage.post("trouble", {});
});

test("3.8-02 sent is one tick named delivered", async () => {
  await open("Off");
  expect(await label("Sent words")).toBe(" Sent ");
  expect(await said(page, "Sent words").locator('[data-testid="msg-meta"] title').textContent()).toBe(
    "wds-ic-delivered",
  );
});

test("3.8-03 delivered is two ticks named read", async () => {
  await open("Away");
  expect(await label("Delivered words")).toBe(" Delivered ");
  expect(await said(page, "Delivered words").locator('[data-testid="msg-meta"] title').textContent()).toBe(
    "wds-ic-read",
  );
});

test("3.8-04 read is the same drawing in blue", async () => {
  await open("Pinned one");
  expect(await label("Good morning!")).toBe(" Read ");
  const icon = said(page, "Good morning!").locator('[data-testid="msg-meta"] svg');
  expect(await icon.locator("title").textContent()).toBe("wds-ic-read");
  expect(await icon.evaluate((node) => getComputedStyle(node).color)).toBe("rgb(0, 123, 252)");
});

test("3.8-05 the labels have a space at each end in every language", async () => {
  const other = await stage.linked({ locale: "pt_BR", zone: "America/Recife" });
  await openChat(other, "Pinned one");
  const found = said(other, "Good morning!").locator('[data-testid="msg-meta"] [aria-label]');
  expect(await found.getAttribute("aria-label")).toBe(" Lida ");
  await other.close();
});

test("3.8-06 a voice note of ours can be played", async () => {
  await open("Kinds");
  const ours = holding(page, '[data-icon="tail-out"]').filter({ has: page.locator('[data-icon="ptt-status"]') });
  expect(await ours.last().locator('[data-testid="msg-meta"] [aria-label]').getAttribute("aria-label")).toBe(
    " Played ",
  );
});

test("3.8-07 a group shows the lowest state", async () => {
  await open("Group of three");
  await stage.post("accounts/conf/own", { chat: "Group of three", text: "To all of you" });
  await said(page, "To all of you").waitFor();
  await expect.poll(() => label("To all of you")).toBe(" Delivered ");
  await stage.write("Group of three", "One has read it");
  await said(page, "One has read it").waitFor();
  expect(await label("To all of you")).toBe(" Delivered ");
});

test("3.8-08 who hides receipts never turns blue", async () => {
  const toml =
    'seed=3\n[account]\nid="hid"\nname="H"\nphone="+5511900001111"\nlocale="en"\ntime_zone="UTC"\n[[chats]]\nname="Hides"\nphone="+5511900002222"\nread_receipts=false\nscript="""\n@ -1d 10:00\n> Ours\n< Theirs\n"""\n';
  await stage.post("accounts", { toml });
  const ledger = await stage.get<{ accounts: { id: string; chats: { messages: { acks?: { ack: string }[] }[] }[] }[] }>(
    "ledger",
  );
  const chat = ledger.accounts.find((one) => one.id === "hid")?.chats[0];
  expect(chat?.messages[1]?.acks?.at(-1)?.ack).toBe("delivered");
});

test("3.8-09 newer icons have a title, older ones three equal names", async () => {
  const spans = await main("span[data-icon]:not([aria-label])").evaluateAll((all) =>
    all.map((one) => [
      one.getAttribute("data-icon"),
      one.getAttribute("data-testid") ?? one.getAttribute("data-icon"),
      one.querySelector("title")?.textContent,
    ]),
  );
  expect(spans.length).toBeGreaterThan(5);
  for (const [icon, testid, title] of spans) expect([testid, title]).toEqual([icon, icon]);
});
