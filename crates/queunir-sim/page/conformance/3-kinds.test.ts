// Evidence 3.6: messages that are more than words, and what becomes of messages.
import type { Locator } from "playwright-core";
import { expect } from "vitest";
import { onStage } from "./scene.ts";
import { holding, said } from "./stage.ts";

const test = onStage();

test("3.6-01 a picture is a blob once downloaded, else a blurred background", async ({ page, chat }) => {
  await chat.openAtTop("Kinds");
  const thumb = holding(page, '[data-testid="image-thumb"]')
    .first()
    .locator('[data-testid="image-thumb"][role="button"][aria-label="Open picture"]');
  await thumb.locator('img[src^="blob:"]').waitFor();
  expect(await thumb.locator('[style*="data:image/jpeg;base64"]').count()).toBe(1);
  await chat.scrollTo(1_000_000);
  await said(page, "Late one").waitFor();
  expect(await said(page, "Late one").locator("img[src^=blob]").count()).toBe(0);
});

test("3.6-02 what has not arrived offers a download, what is coming waits", async ({ stage, page }) => {
  await said(page, "Late one").locator('[data-testid="media-state-download"]').waitFor();
  const key = (await said(page, "Late one").getAttribute("data-id")) ?? "";
  await stage.happen("Kinds", key, { do: "arrive" });
  await said(page, "Late one").locator("img[src^=blob]").waitFor();
  expect(await said(page, "Late one").getAttribute("data-id")).toBe(key);
});

test("3.6-03 films have a length, GIFs a mark", async ({ chat }) => {
  await chat.scrollTo(0);
  expect(await chat.within('[data-testid="video-content"]').first().textContent()).toContain("0:14");
  expect(await chat.within('[data-testid="image-thumb-gif"] [data-testid="media-gif"]').count()).toBe(1);
});

test("3.6-04 a film has two posters", async ({ chat }) => {
  expect(await chat.within('[data-testid="video-content"]').first().locator('[style*="data:image"]').count()).toBe(2);
});

test("3.6-05 an album is one row with tiles and a count", async ({ page }) => {
  const album = holding(page, '[data-testid="media-album"]');
  expect(await album.count()).toBe(1);
  expect(await album.locator('[style*="grid-area"]').count()).toBe(4);
  expect(await album.textContent()).toContain("+2");
});

test("3.6-06 a voice note has a button, a label, a length and no audio element", async ({ page }) => {
  const note = holding(page, '[data-icon="ptt-status"]').first();
  expect(await note.locator('button[aria-label="Play voice message"] title').textContent()).toBe(
    "ic-play-arrow-filled",
  );
  expect(await note.locator('span[aria-label="Voice message"]').count()).toBe(1);
  expect(await note.locator("canvas").count()).toBe(1);
  expect(await note.textContent()).toContain("0:14");
  expect(await page.locator("audio").count()).toBe(0);
});

test("3.6-07 listening changes the colour of the microphone", async ({ page }) => {
  const note = holding(page, '[data-icon="ptt-status"]').first();
  const colour = (): Promise<string> =>
    note.locator('[data-icon="ptt-status"]').evaluate((node) => getComputedStyle(node).color);
  const before = await colour();
  await note.locator("button").first().click();
  await expect.poll(colour).not.toBe(before);
});

test("3.6-08 a sound file is fetched, then played", async ({ page }) => {
  const sound = holding(page, '[data-testid="media-canvas-audio-thumb"]');
  await sound.locator('[data-testid="audio-download"]').click();
  await sound.locator('[data-testid="audio-play"]').waitFor();
});

test("3.6-09 a document has its name, type and size", async ({ page }) => {
  const file = holding(page, 'span[title="Price list.pdf"]');
  expect(await file.textContent()).toMatch(/3 pages • PDF • \d+ kB/);
});

test("3.6-10 a sticker is a picture without words", async ({ page }) => {
  const sticker = holding(page, '[data-testid="sticker-container"]');
  await sticker.locator('img[data-testid="media-sticker"][alt][src^="blob:"]').waitFor();
  expect(await sticker.locator('[data-testid="selectable-text"]').count()).toBe(0);
});

test("3.6-11 a place links to a map", async ({ chat }) => {
  const href = await chat.within('[data-testid="location-msg"] a').first().getAttribute("href");
  expect(decodeURIComponent(href ?? "")).toContain("-23.5505,-46.6333");
});

test("3.6-12 a card tells numbers only in its dialog", async ({ page }) => {
  const card = holding(page, '[data-testid="vcard-msg"]');
  expect(await card.textContent()).toContain("Rui Prado and 1 other contact");
  expect(await card.innerHTML()).not.toContain("97000");
  await card.getByRole("button", { name: "View all" }).click();
  await page.locator('[role="dialog"]').getByText("+55 11 97000-0002").waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(() => page.locator('[role="dialog"]').count()).toBe(0);
});

test("3.6-13 a poll has options with labels and votes", async ({ chat }) => {
  const poll = chat.within('[data-testid="poll-bubble"]').first();
  expect(await poll.locator('[data-testid="poll-option-row-label-1"]').textContent()).toBe("Friday1");
  expect(await poll.locator('[data-testid="poll-view-votes"]').count()).toBe(1);
});

test("3.6-25 the choices of a poll are boxes to tick, each beside its label", async ({ chat }) => {
  const poll = chat.within('[data-testid="poll-bubble"]').first();
  const boxes = poll.locator('input[type="checkbox"][data-testid^="poll-option-"]');
  expect(await boxes.count()).toBe(2);
  expect(await poll.locator('[role="button"], [aria-pressed]').count()).toBe(0);
  const monday = poll.locator('[data-testid="poll-option-0"]');
  const label = poll.locator('[data-testid="poll-option-row-label-0"]');
  expect(await label.getAttribute("for")).toBe(await monday.getAttribute("id"));
  expect(await monday.getAttribute("aria-label")).toBe("Monday 0");
  expect(await poll.textContent()).toMatch(/^Which day\?Select one.*View votes$/);
  expect(await poll.locator("[data-id]").textContent()).toBe("Which day?");
  const ticked = (): Promise<boolean[]> =>
    boxes.evaluateAll((all) => all.map((box) => (box as HTMLInputElement).checked));
  await label.click();
  await expect.poll(() => monday.getAttribute("aria-label")).toBe("Monday 1");
  expect(await ticked()).toEqual([true, false]);
  // Of one choice the second takes the first back.
  await poll.locator('[data-testid="poll-option-1"]').click();
  await expect.poll(ticked).toEqual([false, true]);
  await expect.poll(() => monday.getAttribute("aria-label")).toBe("Monday 0");
});

test("3.6-14 an answer shows author, words and thumbnail, not the key", async ({ page }) => {
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

test("3.6-15 what was passed on says so", async ({ page }) => {
  const header = said(page, /Passed on\d/).locator('[data-testid="forwarded-header"]');
  expect(await header.locator('[data-testid="forward-refreshed"]').count()).toBe(1);
  expect(await said(page, "Passed on a lot").locator('[data-testid="forwarded-header"]').textContent()).toContain(
    "Forwarded many times",
  );
});

test("3.6-16 an edited message says so in its corner", async ({ page, chat }) => {
  expect(
    await chat
      .within('[data-testid^="conv-msg-"]:not(:has([data-testid="quoted-message"]))')
      .filter({ hasText: "No typo here" })
      .locator('[data-testid="msg-meta"]')
      .textContent(),
  ).toContain("Edited");
  await expect.poll(() => page.locator("#main").textContent()).not.toContain("Typo here");
});

test("3.6-17 a starred message has a labelled icon in its corner", async ({ page }) => {
  expect(
    await said(page, "Much loved").locator('[data-testid="msg-meta"] [data-testid="icon-star"][aria-label]').count(),
  ).toBe(1);
});

test("3.6-18 reactions are outside the bubble and named; the hover button is none", async ({ page }) => {
  const one = said(page, "Much loved").locator('[data-testid="reaction-bubble"] button[aria-haspopup]');
  expect(await one.getAttribute("aria-label")).toBe("reaction 👍. View reactions");
  expect(await one.evaluate((node) => node.closest('[data-testid="msg-container"]'))).toBe(null);
  const two = said(page, "Twice loved").locator('[data-testid="reaction-bubble"] button');
  expect(await two.getAttribute("aria-label")).toBe("Reactions ❤️ 2 in total. View reactions");
  await said(page, "Passed on a lot").hover();
  await said(page, "Passed on a lot").locator('[role="button"][aria-label="React"]').waitFor();
  expect(await said(page, "Passed on a lot").locator('[data-testid="reaction-bubble"]').count()).toBe(0);
});

test("3.6-19 a deleted message is an icon and a sentence", async ({ page, chat }) => {
  const theirs = said(page, "This message was deleted");
  expect(await theirs.locator('[data-icon="recalled"]').count()).toBe(1);
  expect(await theirs.locator("[data-pre-plain-text]").count()).toBe(0);
  expect(await said(page, "You deleted this message").count()).toBe(1);
  await chat.openAtTop("Group of three");
  await said(page, "deleted by admin Ana Reis").waitFor();
});

test("3.6-20 what could not be read becomes readable under the same key", async ({ stage, page, chat }) => {
  await chat.openAtTop("Kinds");
  const key = (await said(page, "Waiting for this message").getAttribute("data-id")) ?? "";
  await stage.happen("Kinds", key, { do: "decrypt", body: { kind: "text", text: "Readable now" } });
  await expect
    .poll(() => chat.within(`[data-testid="conv-msg-${key}"] [data-testid="selectable-text"]`).textContent())
    .toBe("Readable now");
});

test("3.6-21 view once says to open it on the phone", async ({ page }) => {
  await said(page, "open it on your phone").waitFor();
});

test("3.6-22 a call is a system row", async ({ chat }) => {
  const call = chat.within('[data-testid="msg-notification-container"] [data-testid="call-log-system-message"]');
  expect(await call.textContent()).toContain("Missed voice call");
});

test("3.6-23 a failure is an icon beside the bubble", async ({ stage, page, chat }) => {
  await stage.post("trouble", { send_delivered_but_error: true });
  await chat.write("Fails here");
  await said(page, "Fails here").locator('[data-testid="message-fail"]').waitFor();
  expect(
    await said(page, "Fails here").locator('[data-testid="msg-container"] [data-testid="message-fail"]').count(),
  ).toBe(0);
  await stage.post("trouble", {});
});

test("3.6-24 a drawn row changes in place", async ({ stage, chat }) => {
  const key = await stage.write("Kinds", "First form");
  const row = chat.within(`[data-testid="conv-msg-${key}"]`);
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
