// Trouble that befalls the page itself: what a person sees, and what the ledger says meanwhile.
import { expect } from "vitest";
import { onStage } from "./scene.ts";
import { openChat, said } from "./stage.ts";

const test = onStage();

test("disturb.hang_ms: the renderer answers nobody for that long, and what came meanwhile is drawn after it", async ({
  stage,
  truth,
  page,
}) => {
  await openChat(page, "Away");
  const gaps = await page.evaluateHandle(() => {
    let last = performance.now();
    const gap = { longest: 0 };
    setInterval(() => {
      gap.longest = Math.max(gap.longest, performance.now() - last);
      last = performance.now();
    }, 20);
    return gap;
  });
  await stage.post("disturb", { hang_ms: 1500 });
  await stage.write("Away", "while it hung");
  expect(await truth.said("Away", "while it hung")).toHaveLength(1);
  await said(page, "while it hung").waitFor();
  await expect.poll(() => gaps.evaluate(({ longest }) => longest)).toBeGreaterThan(1490);
});

test("disturb.crash: the renderer ends, the ledger keeps the device, and another page of it shows everything", async ({
  stage,
  truth,
  page,
  turnTo,
}) => {
  const before = (await truth.acts("page_started")).length;
  const { devices } = await truth.account();
  const ended = page.waitForEvent("crash");
  await stage.post("disturb", { crash: true });
  await ended;
  expect(await page.evaluate(() => 1).catch(() => "nobody answers")).toBe("nobody answers");
  await stage.write("Away", "after the end");
  expect((await truth.said("Away", "after the end"))[0]?.seen_at).toBeUndefined();
  expect((await truth.account()).devices).toEqual(devices);
  await page.close();
  const other = await stage.linked();
  await openChat(other, "Away");
  await said(other, "after the end").waitFor();
  expect(await truth.acts("page_started")).toHaveLength(before + 1);
  turnTo(other);
});

test("disturb.reload: the page loads itself again, the same device, and shows what came meanwhile", async ({
  stage,
  truth,
  page,
}) => {
  const before = (await truth.acts("page_started")).length;
  const { devices } = await truth.account();
  const loaded = page.waitForEvent("load");
  await stage.post("disturb", { reload: true });
  await loaded;
  await stage.write("Away", "after the update");
  await openChat(page, "Away");
  await said(page, "after the update").waitFor();
  expect(await truth.said("Away", "after the update")).toHaveLength(1);
  expect((await truth.account()).devices).toEqual(devices);
  expect(await truth.acts("page_started")).toHaveLength(before + 1);
});

test("disturb.blank 8-04: the page is white until it is loaded again, which the ledger has as a start", async ({
  stage,
  truth,
  page,
}) => {
  const before = (await truth.acts("page_started")).length;
  await stage.post("disturb", { blank: true });
  await expect.poll(() => page.locator("#app *:visible").allTextContents()).toEqual([""]);
  expect(await page.locator("#pane-side, #main").count()).toBe(0);
  expect(await truth.acts("page_started")).toHaveLength(before);
  await page.reload();
  await page.locator("#pane-side").waitFor();
  expect(await truth.acts("page_started")).toHaveLength(before + 1);
});

test("disturb.screen: a ban takes the page and links nothing off; what comes meanwhile waits unseen", async ({
  stage,
  truth,
  page,
}) => {
  await openChat(page, "Away");
  const { devices, acts } = await truth.account();
  await stage.post("disturb", { screen: "temp_ban" });
  await page.getByText("temporarily banned").waitFor();
  expect(await page.locator("#pane-side").count()).toBe(0);
  await stage.write("Away", "during the ban");
  expect((await truth.said("Away", "during the ban"))[0]?.seen_at).toBeUndefined();
  expect((await truth.account()).devices).toEqual(devices);
  expect((await truth.account()).acts).toHaveLength(acts.length);
  await stage.post("disturb", { screen: "none" });
  await said(page, "during the ban").waitFor();
  await expect.poll(async () => (await truth.said("Away", "during the ban"))[0]?.seen_at).toBeGreaterThan(0);
});

test("disturb.dialog: nothing behind it can be pressed, and the ledger has the answer", async ({
  stage,
  truth,
  page,
}) => {
  const dialog = { id: "d9", title: "A question", text: "Nobody knows this one", ok: "Yes", cancel: "No" };
  await stage.post("disturb", { dialog });
  await page.locator('[role="dialog"]').getByText("Nobody knows this one").waitFor();
  const opened = (await truth.acts("chat_opened")).length;
  const [row] = [await page.locator('#pane-side [title="Kinds"]').first().boundingBox()];
  await page.mouse.click((row?.x ?? 0) + 5, (row?.y ?? 0) + 5);
  await page.locator('[data-testid="popup-controls-cancel"]').click();
  await expect.poll(() => truth.acts("dialog_closed")).toMatchObject([{ dialog: "d9", button: "cancel" }]);
  expect(await truth.acts("chat_opened")).toHaveLength(opened);
});

test("disturb.account disturb.banner: words above the list that stand in nobody's way and are no act", async ({
  stage,
  truth,
  page,
}) => {
  const { acts } = await truth.account();
  const update = { id: "update", title: "Update available", body: "Click to update" };
  expect(await stage.post("disturb", { account: "nobody", banner: update })).toEqual({ pages: 0 });
  await stage.post("disturb", { account: "conf", banner: update });
  const bar = page.locator('[data-testid="chat-butterbar-update"]');
  await bar.getByText("Update available").waitFor();
  await bar.getByRole("button", { name: "Close" }).click();
  await expect.poll(() => bar.count()).toBe(0);
  expect((await truth.account()).acts).toHaveLength(acts.length);
  await openChat(page, "Kinds");
});

test("disturb.history: the list has a share of the chats that the ledger has, until the last has come", async ({
  stage,
  truth,
  page,
}) => {
  const grid = page.locator('#pane-side [role="grid"]');
  const whole = await grid.getAttribute("aria-rowcount");
  const { chats } = await truth.account();
  await stage.post("disturb", { history: 61 });
  await page.locator("#side").getByText("61% complete").waitFor();
  await expect.poll(() => grid.getAttribute("aria-rowcount")).toBe(String(Math.ceil(chats.length * 0.61)));
  await stage.post("disturb", { history: 100 });
  await expect.poll(() => grid.getAttribute("aria-rowcount")).toBe(whole);
  expect((await truth.account()).chats).toHaveLength(chats.length);
});

test("disturb.odd: a row that is drawn twice has one key and is one message", async ({ stage, truth, page, chat }) => {
  await openChat(page, "Off");
  await stage.post("disturb", { odd: "duplicate" });
  const rows = chat.within('[data-testid^="conv-msg-"]').filter({ hasText: "Sent words" });
  await expect.poll(() => rows.count()).toBe(2);
  const keys = await rows.evaluateAll((all) => all.map((one) => one.getAttribute("data-id")));
  expect(new Set(keys).size).toBe(1);
  expect(await truth.said("Off", "Sent words")).toMatchObject([{ key: keys[0] }]);
});

test("disturb.odd: a row of unknown markup has a key that no message has", async ({ stage, truth, chat }) => {
  const before = await truth.messages("Off");
  await stage.post("disturb", { odd: "strange" });
  const strange = chat.within("section[data-id]");
  await strange.waitFor();
  const key = await strange.getAttribute("data-id");
  expect(await truth.messages("Off")).toHaveLength(before.length);
  expect(before.some((message) => message.key === key)).toBe(false);
});

test("disturb.eat_mb: the page's memory grows by that much until it is loaded again", async ({
  stage,
  truth,
  page,
}) => {
  // Arrays' contents are not in the heap that a page may ask for; the process's own figure has them.
  const session = await page.context().newCDPSession(page);
  const bytes = async () => {
    // What nobody holds any more counts until it is collected, which an idle page puts off.
    await session.send("HeapProfiler.collectGarbage");
    return (await session.send("Runtime.getHeapUsage")).backingStorageSize ?? 0;
  };
  expect(await bytes()).toBeLessThan(50e6);
  const started = (await truth.acts("page_started")).length;
  await stage.post("disturb", { eat_mb: 50 });
  await expect.poll(bytes).toBeGreaterThanOrEqual(50e6);
  await page.reload();
  await openChat(page, "Away");
  await expect.poll(bytes).toBeLessThan(50e6);
  expect(await truth.acts("page_started")).toHaveLength(started + 1);
});

test("disturb.spin: a core is busy beside the page, which goes on, until it is loaded again", async ({
  stage,
  truth,
  page,
}) => {
  await openChat(page, "Away");
  const begun = page.waitForEvent("worker");
  await stage.post("disturb", { spin: true });
  const worker = await begun;
  await stage.write("Away", "while it spun");
  await said(page, "while it spun").waitFor();
  expect(await truth.said("Away", "while it spun")).toHaveLength(1);
  const ended = worker.waitForEvent("close");
  await page.reload();
  await ended;
  await openChat(page, "Away");
});

test("disturb.fill_mb: the page's cache on the disk holds that much, and the ledger nothing of it", async ({
  stage,
  truth,
  page,
}) => {
  const used = () => page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
  const before = await used();
  const { acts } = await truth.account();
  await stage.post("disturb", { fill_mb: 16 });
  await expect.poll(used).toBeGreaterThanOrEqual(before + 16e6);
  expect((await truth.account()).acts).toEqual(acts);
});
