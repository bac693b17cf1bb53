// Evidence 2: the chat list.
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { chatRow, openChat, Stage } from "./stage.ts";

let stage: Stage;
let page: Page;
beforeAll(async () => {
  stage = await Stage.start();
  for (let index = 10; index < 140; index += 1) await stage.write(`+55 21 9${index}00-0${index}`, `Hello ${index}`);
  page = await stage.linked();
});
afterAll(() => stage.end());

const pane = (): Locator => page.locator("#pane-side");
const secondary = (title: string): Locator => chatRow(page, title).locator('[data-testid="cell-frame-secondary"]');
const icons = (within: Locator): Promise<string[]> => within.locator("svg > title").allTextContents();
/** Scrolls until the row of a chat is drawn. */
const reach = async (title: string): Promise<void> => {
  await pane().evaluate((node) => node.scrollTo({ top: node.scrollHeight }));
  await chatRow(page, title).waitFor();
  await chatRow(page, title).scrollIntoViewIfNeeded();
};
const toTop = async (): Promise<void> => {
  await pane().evaluate((node) => node.scrollTo({ top: 0 }));
  await chatRow(page, "Pinned one").waitFor();
};

test("2.1-01 the side holds the scroll container with its trace policy", async () => {
  expect(await page.locator('#side #pane-side[data-scrolltracepolicy="wa.web.chatlist"]').count()).toBe(1);
  expect(await pane().evaluate((node) => node.scrollHeight > node.clientHeight)).toBe(true);
});

test("2.1-02 chat list, grid, row count and a height in pixels", async () => {
  const grid = page.locator('#pane-side > [data-testid="chat-list"][tabindex="0"] > [role="grid"][aria-rowcount]');
  expect(await grid.getAttribute("style")).toMatch(/height: \d+px/);
});

test("2.1-03 the grid's label is in the language of the page", async () => {
  expect(await page.locator('#pane-side [role="grid"]').getAttribute("aria-label")).toBe("Chat list");
  const other = await stage.linked({ locale: "it" });
  expect(await other.locator('#pane-side [role="grid"]').getAttribute("aria-label")).toBe("Lista delle chat");
  await other.close();
  await page.locator('[data-testid="popup-controls-ok"]').click();
  await pane().waitFor();
});

test("2.1-04 the row count is the number of chats", async () => {
  const chats = await stage.get<{ id: string }[]>("accounts/conf/chats");
  expect(await page.locator('#pane-side [role="grid"]').getAttribute("aria-rowcount")).toBe(String(chats.length - 1));
});

test("2.2-01 rows are placed by translateY at 76 px each", async () => {
  await toTop();
  const style = await page.locator('#pane-side div[role="row"][data-testid="list-item-2"]').getAttribute("style");
  expect(style).toMatch(
    /^z-index: \d+; transition: none( 0s ease 0s)?; height: 76px; transform: translateY\(152px\);?$/,
  );
  const position = await page
    .locator('[data-testid="list-item-2"]')
    .evaluate((node) => getComputedStyle(node).position);
  expect(position).toBe("absolute");
});

test("2.2-03 the test id counts within the drawn window", async () => {
  await pane().evaluate((node) => node.scrollTo({ top: 6000 }));
  const first = page.locator('[data-testid="list-item-0"]');
  await expect
    .poll(async () => Number(/translateY\((\d+)px/.exec((await first.getAttribute("style")) ?? "")?.[1]))
    .toBeGreaterThan(2000);
  await toTop();
});

test("2.2-04 thirty rows are drawn beyond the visible ones", async () => {
  await pane().evaluate((node) => node.scrollTo({ top: 4000 }));
  await expect.poll(() => page.locator('#pane-side [role="row"]').count()).toBeGreaterThan(62);
  expect(await page.locator('#pane-side [role="row"]').count()).toBeLessThan(76);
  await toTop();
});

test("2.2-05 a row that moves does so by a transition", async () => {
  await toTop();
  const moved = page.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const watch = new MutationObserver((changes) => {
          for (const { target } of changes) {
            const style = target instanceof Element ? (target.getAttribute("style") ?? "") : "";
            if (style.includes("ease-in-out")) resolve(style);
          }
        });
        const grid = document.querySelector('#pane-side [role="grid"]');
        if (grid) watch.observe(grid, { attributes: true, subtree: true, attributeFilter: ["style"] });
      }),
  );
  await stage.write("Away", "to the top");
  expect(await moved).toContain("transition: transform 200ms ease-in-out");
});

test("2.2-06 opening a chat marks it read", async () => {
  await toTop();
  await stage.write("Kinds", "unread words");
  await chatRow(page, "Kinds").locator('[data-testid="icon-unread-count"]').waitFor();
  await openChat(page, "Kinds");
  await expect.poll(() => chatRow(page, "Kinds").locator('[data-testid="icon-unread-count"]').count()).toBe(0);
  await page.keyboard.press("Escape");
});

test("2.2-07 headings of search results are rows too", async () => {
  await search("Hello 1");
  const headings = page.locator('#pane-side [role="row"]:not(:has([data-testid="cell-frame-title"]))');
  await headings.filter({ hasText: "Messages" }).waitFor();
  expect(await headings.first().getAttribute("style")).toContain("height: 72px");
  await search("");
});

test("2.2-02 headings have another height than chats", async () => {
  await search("Muted");
  const heading = page.locator('#pane-side [role="row"]').filter({ hasText: /^Chats$/ });
  await heading.waitFor();
  expect(await heading.getAttribute("style")).not.toContain("height: 76px");
  await search("");
});

test("2.2-08 a chat has a cell frame, the chat with oneself has none", async () => {
  const own = page.locator('#pane-side [role="row"]:has([data-testid="message-yourself-row"])');
  await reach("Conf Shop (You)");
  expect(await own.locator('[data-testid="cell-frame-container"]').count()).toBe(0);
  await toTop();
  expect(
    await chatRow(page, "Pinned one")
      .locator('[data-testid="cell-frame-container"] [data-testid="cell-frame-title"]')
      .count(),
  ).toBe(1);
});

test("2.3-01 while scrolling the list takes no clicks, and does 150 ms later", async () => {
  await toTop();
  await page.mouse.move(300, 500);
  const log = page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const pane = document.querySelector("#pane-side");
        const state = (): string =>
          getComputedStyle(pane?.querySelector('[data-testid="chat-list"]') as Element).pointerEvents;
        pane?.addEventListener(
          "scroll",
          () => {
            let last = performance.now();
            let wasNone = false;
            pane.addEventListener("scroll", () => {
              last = performance.now();
            });
            const look = (): void => {
              const inner = pane.querySelector('[data-testid="cell-frame-container"]');
              const none = state() === "none" || (inner ? getComputedStyle(inner).pointerEvents === "none" : false);
              wasNone ||= none;
              if (wasNone && !none) resolve(performance.now() - last);
              else requestAnimationFrame(look);
            };
            look();
          },
          { once: true },
        );
      }),
  );
  await page.mouse.wheel(0, 2000);
  const after = await log;
  expect(after).toBeGreaterThan(120);
  expect(after).toBeLessThan(1500);
  await toTop();
});

test("2.3-02 the cell inside the row opens the chat", async () => {
  await chatRow(page, "Pinned one").locator('[role="gridcell"]').first().click();
  await page.locator('#main [title="Pinned one"]').waitFor();
  await page.keyboard.press("Escape");
});

test("2.4-01 a row holds aria-selected, tabindex and the cell frame", async () => {
  const outer = chatRow(page, "Pinned one").locator(
    'div[aria-selected="false"][tabindex="-1"] > [data-testid="cell-frame-container"]',
  );
  await outer.waitFor();
  await openChat(page, "Pinned one");
  await chatRow(page, "Pinned one").locator('div[aria-selected="true"][tabindex="0"]').waitFor();
  await page.keyboard.press("Escape");
});

test("2.4-02 the title line is the second column with title and time", async () => {
  const line = chatRow(page, "Pinned one").locator('[role="gridcell"][aria-colindex="2"]');
  expect(await line.locator('[data-testid="cell-frame-title"]').count()).toBe(1);
  expect(await line.locator('[data-testid="cell-frame-primary-detail"]').count()).toBe(1);
});

test("2.4-03 the title attribute is the whole name, spaces are collapsed, emoji are pictures", async () => {
  await reach("Two  spaces  🍕");
  const name = chatRow(page, "Two  spaces  🍕").locator('[data-testid="cell-frame-title"] span[title][dir="auto"]');
  expect(await name.textContent()).toBe("Two spaces ");
  expect(await name.locator("img[alt]").getAttribute("alt")).toBe("🍕");
  await toTop();
});

test("2.4-04 an unsaved contact is called by its number", async () => {
  await reach("+55 11 92000-0021");
  await toTop();
});

test("2.4-05 the unread text is hidden before the name, in the same element", async () => {
  await reach("Group of three");
  const title = chatRow(page, "Group of three").locator('[data-testid="cell-frame-title"]');
  expect(await title.textContent()).toBe("3 unread messagesGroup of three");
  expect(
    await title
      .locator("> *")
      .first()
      .evaluate((node) => node.getBoundingClientRect().width),
  ).toBeLessThan(2);
  await toTop();
});

test("2.4-06 the chat with oneself says so behind its name", async () => {
  await reach("Conf Shop (You)");
  expect(await page.locator('[data-testid="message-yourself-row"]').count()).toBe(1);
  await toTop();
});

test("2.4-07 the time is a clock, a weekday or a date", async () => {
  const time = (title: string): Locator => chatRow(page, title).locator('[data-testid="cell-frame-primary-detail"]');
  await stage.write("Pinned one", "now");
  await expect.poll(() => time("Pinned one").textContent()).toMatch(/^\d?\d:\d\d\s[AP]M$/);
  await reach("Two  spaces  🍕");
  expect(await time("Texts").textContent()).toBe("Yesterday");
  expect(await time("Muted one").textContent()).toMatch(/day$/);
  expect(await time("Two  spaces  🍕").textContent()).toMatch(/^\d?\d\/\d?\d\/\d{4}$/);
  await toTop();
});

test("2.4-08 the preview's text contains the titles of its drawings", async () => {
  await reach("Off");
  expect(await secondary("Off").textContent()).toBe("wds-ic-deliveredSent words");
  await toTop();
});

test("2.4-09 the preview's title is wrapped in marks, on a share of the rows", async () => {
  const exposed = page.locator('#pane-side span[data-testid="last-msg-status"][title]');
  const rows = await page.locator('#pane-side [role="row"]').count();
  expect(await exposed.count()).toBeGreaterThan(rows * 0.4);
  expect(await exposed.count()).toBeLessThan(rows * 0.95);
  expect(await exposed.first().getAttribute("title")).toMatch(/^[\u202A\u202B].*\u202C$/);
});

test("2.4-10 a group's preview begins with the author", async () => {
  await reach("Group of three");
  const drawn = await secondary("Group of three").textContent();
  expect(drawn).toContain("Nara:\u00A0Last one");
  await stage.post("accounts/conf/own", { chat: "Group of three", text: "From us" });
  await toTop();
  await expect.poll(() => secondary("Group of three").textContent()).toContain("You:\u00A0From us");
  await toTop();
});

test("2.4-11 the state of our last message has no label, colour tells read", async () => {
  const colour = (title: string): Promise<string> =>
    secondary(title)
      .locator("svg")
      .first()
      .evaluate((node) => getComputedStyle(node).color);
  await reach("Off");
  await stage.post("accounts/conf/own", { chat: "Away", text: "Delivered words" });
  await toTop();
  await expect.poll(async () => (await icons(secondary("Away")))[0]).toBe("wds-ic-read");
  expect(await colour("Away")).toBe("rgba(0, 0, 0, 0.6)");
  expect(await secondary("Away").locator("[aria-label]").count()).toBe(0);
  await stage.post("accounts/conf/own", { chat: "Kinds", text: "Blue soon" });
  await expect.poll(() => colour("Kinds")).toBe("rgb(0, 123, 252)");
  await toTop();
});

test("2.4-12 media and deleted messages show their drawing", async () => {
  const wanted: [object, string][] = [
    [{ kind: "image" }, "ic-image"],
    [{ kind: "video", seconds: 3 }, "ic-videocam-filled"],
    [{ kind: "audio", name: "a.mp3", seconds: 3 }, "ic-headphones"],
    [{ kind: "document", name: "a.pdf" }, "ic-description"],
    [{ kind: "gif", seconds: 1 }, "ic-gif"],
  ];
  for (const [body, icon] of wanted) {
    await stage.write("Kinds", "", { body });
    await expect.poll(() => icons(secondary("Kinds"))).toEqual([icon]);
  }
  const key = await stage.write("Kinds", "gone soon");
  await stage.happen("Kinds", key, { do: "delete" });
  await expect.poll(() => icons(secondary("Kinds"))).toEqual(["recalled"]);
});

test("2.4-13 the badge is hidden from readers, labelled, and stops at 999", async () => {
  const some = (from: number): Promise<string[]> =>
    Promise.all(Array.from({ length: 50 }, (_, index) => stage.write("Muted one", `${from + index}`)));
  for (let from = 0; from < 1000; from += 50) await some(from);
  const badge = chatRow(page, "Muted one").locator(
    '[role="gridcell"][aria-colindex="1"] div[aria-hidden="true"] > span[data-testid="icon-unread-count"]',
  );
  await expect.poll(() => badge.textContent()).toBe("999+");
  expect(await badge.getAttribute("aria-label")).toMatch(/^1,0\d\d unread messages$/);
});

test("2.4-14 marked unread by hand has no number", async () => {
  await reach("Off");
  await stage.toChat("Off", { do: "mark_unread", on: true });
  const badge = chatRow(page, "Off").locator('[data-testid="icon-unread-count"]');
  await badge.waitFor();
  expect([await badge.textContent(), await badge.getAttribute("aria-label")]).toEqual(["", "Unread"]);
  await toTop();
});

test("2.4-15 a muted chat is marked", async () => {
  expect(
    await chatRow(page, "Muted one").locator('[data-testid="mute-notifications-refreshed"]').getAttribute("aria-label"),
  ).toBe("Muted chat");
});

test("2.4-16 a pinned chat is marked and first", async () => {
  const first = page.locator('#pane-side [style*="translateY(0px)"]');
  expect(await first.locator("div[aria-label]:has(svg)").locator("title").allTextContents()).toContain("ic-push-pin");
});

test("2.4-17 an unread message that names us is marked", async () => {
  await stage.write("Group of three", "Look @Conf Shop", { mentions: [{ name: "Conf Shop", id: "2002", us: true }] });
  await chatRow(page, "Group of three").locator('[data-testid="icon-mentions"]').waitFor();
});

test("2.4-18 an archived chat says so in search results", async () => {
  await search("Archived one");
  await chatRow(page, "Archived one").getByText("Archived", { exact: true }).waitFor();
  await search("");
});

test("2.4-19 typing replaces the preview", async () => {
  await stage.post(`accounts/conf/chats/${encodeURIComponent("Pinned one")}/typing`, { on: true });
  await expect.poll(() => secondary("Pinned one").textContent()).toBe("typing...");
  expect(await secondary("Pinned one").locator('[data-testid="last-msg-status"]').count()).toBe(0);
  await stage.post(`accounts/conf/chats/${encodeURIComponent("Pinned one")}/typing`, { on: false });
});

test("2.4-20 a draft replaces the preview", async () => {
  await openChat(page, "Pinned one");
  await page.keyboard.insertText("unfinished");
  await page.keyboard.press("Escape");
  await expect.poll(() => secondary("Pinned one").textContent()).toBe("Draft:\u00A0unfinished");
});

test("2.4-21 the menu button exists under the pointer only", async () => {
  const button = chatRow(page, "Pinned one").locator('button[data-testid="context-btn"]');
  await page.mouse.move(900, 400);
  await expect.poll(() => button.count()).toBe(0);
  await chatRow(page, "Pinned one").hover();
  await button.waitFor({ state: "attached" });
});

test("2.5-01 filters are tabs with test ids and counts in their text", async () => {
  const tabs = page.locator('[role="tablist"][aria-label="chat-list-filters"] [role="tab"]');
  expect(await tabs.evaluateAll((all) => all.map((one) => one.getAttribute("data-testid")))).toEqual([
    "all-filter",
    "unread-filter",
    "favorites-filter",
    "group-filter",
  ]);
  expect(await page.locator('[data-testid="unread-filter"]').textContent()).toMatch(/^Unread \d+$/);
  await page.locator('[data-testid="group-filter"]').click();
  await expect.poll(() => page.locator('#pane-side [role="grid"]').getAttribute("aria-rowcount")).toBe("2");
  await page.locator('[data-testid="all-filter"]').click();
});

test("2.5-02 favourites are offered only where there are some", async () => {
  await stage.toChat("Muted one", { do: "favorite", on: false });
  await expect.poll(() => page.locator('[data-testid="favorites-filter"]').count()).toBe(0);
  await stage.toChat("Muted one", { do: "favorite", on: true });
  await page.locator('[data-testid="favorites-filter"]').waitFor();
});

test("2.5-03 archived chats are behind a row, in a drawer with a grid", async () => {
  const entry = page.locator("#side button", { hasText: "Archived" });
  expect(await icons(entry)).toContain("ic-archive");
  await entry.click();
  await page.locator('[data-testid="drawer-left"] [role="grid"] [title="Archived one"]').waitFor();
});

test("2.5-05 the drawer covers the list until Escape", async () => {
  const drawer = page.locator('[data-testid="drawer-left"]');
  await drawer.waitFor();
  const [over, under] = [await drawer.boundingBox(), await pane().boundingBox()];
  expect(over && under && over.x <= under.x && over.width >= under.width).toBe(true);
  await drawer.locator('[data-testid="chat-list"]').focus();
  await page.keyboard.press("Escape");
  await expect.poll(() => drawer.count()).toBe(0);
});

test("2.5-04 empty lists say so", async () => {
  await search("zzzzzz nothing");
  await page.locator('[data-testid="search-no-chats-or-contacts-container"]').waitFor();
  await search("");
});

async function search(text: string): Promise<void> {
  const field = page.locator('input[role="textbox"][data-tab="3"]');
  await field.fill("");
  if (text) await field.pressSequentially(text);
  else
    await expect.poll(() => page.locator('#pane-side [role="grid"]').getAttribute("aria-rowcount")).toMatch(/^\d{3}$/);
}
