// Trouble with what we write: what a person sees, and what truly became of it.
import { expect } from "vitest";
import { onStage } from "./scene.ts";
import { LAST_ROW, openChat, said } from "./stage.ts";
import { watch } from "./watch.ts";

const test = onStage({ page: (page) => openChat(page, "Away") });

test("trouble.send_delivered_but_error: the page shows a failure, and the customer has the message", async ({
  stage,
  truth,
  page,
  chat,
}) => {
  await stage.post("trouble", { send_delivered_but_error: true });
  await chat.write("arrives all the same");
  await said(page, "arrives all the same").locator('[data-testid="message-fail"]').waitFor();
  await expect.poll(() => truth.reached("Away", "arrives all the same")).toBe("delivered");
  await stage.post("trouble", {});
});

test("trouble.send_never_delivered: the page shows a clock, and the customer never gets it", async ({
  stage,
  truth,
  page,
  chat,
}) => {
  await stage.post("trouble", { send_never_delivered: true });
  await chat.write("typed for nobody");
  await said(page, "typed for nobody").locator('[aria-label=" Pending "]').waitFor();
  await expect.poll(async () => (await truth.acts("submitted")).at(-1)).toMatchObject({ accepted: false });
  expect(await said(page, "typed for nobody").locator('[data-testid="message-fail"]').count()).toBe(0);
  expect(await truth.said("Away", "typed for nobody")).toHaveLength(0);
  await stage.post("trouble", {});
  // What comes after it goes its way; the lost one stays as it is.
  await chat.write("the next one");
  await said(page, "the next one").locator('[aria-label=" Delivered "]').waitFor();
  expect(await said(page, "typed for nobody").locator('[aria-label=" Pending "]').count()).toBe(1);
  expect(await truth.said("Away", "typed for nobody")).toHaveLength(0);
});

test("trouble.rekey: the row changes its key and stays one row, and the ledger knows both", async ({
  stage,
  truth,
  page,
  chat,
}) => {
  await stage.post("trouble", { rekey: true, slow_ms: 4000 });
  const keys = await watch(page, LAST_ROW, "data-id");
  await chat.write("changes its key");
  // The row before it, then its own two.
  await expect.poll(async () => (await keys()).length).toBe(3);
  const [, first, key] = await keys();
  expect(await said(page, "changes its key").getAttribute("data-id")).toBe(key);
  await stage.post("trouble", {});
  expect(await chat.rows("changes its key").count()).toBe(1);
  expect(await truth.said("Away", "changes its key")).toMatchObject([{ key, temp_id: first }]);
});

test("disturb.swallow: the composer is empty, and there is neither row nor act", async ({
  stage,
  truth,
  page,
  chat,
}) => {
  const acts = await truth.acts("submitted");
  await stage.post("disturb", { swallow: true });
  await stage.heard(page);
  await chat.write("nobody gets this");
  await expect.poll(() => page.locator('#main footer [role="textbox"]').textContent()).toBe("");
  expect(await chat.rows("nobody gets this").count()).toBe(0);
  expect(await truth.acts("submitted")).toHaveLength(acts.length);
  expect(await truth.said("Away", "nobody gets this")).toHaveLength(0);
});
