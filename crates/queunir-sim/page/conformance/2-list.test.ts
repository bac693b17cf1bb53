// Evidence 2.1 to 2.3 and 2.5: the list of chats, how it behaves, and what stands around it.
import { expect } from "vitest";
import { fill, icons } from "./list.ts";
import { onStage } from "./scene.ts";
import { chatRow, openChat, pressChat } from "./stage.ts";

const test = onStage({ world: fill });

test("2.1-01 the side holds the scroll container with its trace policy", async ({ page, list }) => {
  expect(await page.locator('#side #pane-side[data-scrolltracepolicy="wa.web.chatlist"]').count()).toBe(1);
  expect(await list.pane.evaluate((node) => node.scrollHeight > node.clientHeight)).toBe(true);
});

test("2.1-02 chat list, grid, row count and a height in pixels", async ({ page }) => {
  const grid = page.locator('#pane-side > [data-testid="chat-list"][tabindex="0"] > [role="grid"][aria-rowcount]');
  expect(await grid.getAttribute("style")).toMatch(/height: \d+px/);
});

test("2.1-03 the grid's label is in the language of the page", async ({ stage, page, list }) => {
  expect(await page.locator('#pane-side [role="grid"]').getAttribute("aria-label")).toBe("Chat list");
  const other = await stage.linked({ locale: "it" });
  expect(await other.locator('#pane-side [role="grid"]').getAttribute("aria-label")).toBe("Lista delle chat");
  await other.close();
  await page.locator('[data-testid="popup-controls-ok"]').click();
  await list.pane.waitFor();
});

test("2.1-04 the row count is the number of chats", async ({ stage, list }) => {
  const chats = await stage.get<{ id: string }[]>("accounts/conf/chats");
  expect(await list.rowCount()).toBe(String(chats.length - 1));
});

test("2.2-01 rows are placed by translateY at 76 px each", async ({ page, list }) => {
  await list.toTop();
  const style = await page.locator('#pane-side div[role="row"][data-testid="list-item-2"]').getAttribute("style");
  expect(style).toMatch(
    /^z-index: \d+; transition: none( 0s ease 0s)?; height: 76px; transform: translateY\(152px\);?$/,
  );
  const position = await page
    .locator('[data-testid="list-item-2"]')
    .evaluate((node) => getComputedStyle(node).position);
  expect(position).toBe("absolute");
});

test("2.2-03 the test id counts within the drawn window", async ({ page, list }) => {
  await list.pane.evaluate((node) => node.scrollTo({ top: 6000 }));
  const first = page.locator('[data-testid="list-item-0"]');
  await expect
    .poll(async () => Number(/translateY\((\d+)px/.exec((await first.getAttribute("style")) ?? "")?.[1]))
    .toBeGreaterThan(2000);
  await list.toTop();
});

test("2.2-04 thirty rows are drawn beyond the visible ones", async ({ page, list }) => {
  await list.pane.evaluate((node) => node.scrollTo({ top: 4000 }));
  await expect.poll(() => page.locator('#pane-side [role="row"]').count()).toBeGreaterThan(62);
  expect(await page.locator('#pane-side [role="row"]').count()).toBeLessThan(76);
  await list.toTop();
});

test("2.2-05 a row that moves does so by a transition", async ({ stage, page, list }) => {
  await list.toTop();
  const moving = await page.evaluateHandle(() => {
    const moved = new Promise<string>((resolve) => {
      const watch = new MutationObserver((changes) => {
        for (const { target } of changes) {
          const style = target instanceof Element ? (target.getAttribute("style") ?? "") : "";
          if (style.includes("ease-in-out")) resolve(style);
        }
      });
      const grid = document.querySelector('#pane-side [role="grid"]');
      if (grid) watch.observe(grid, { attributes: true, subtree: true, attributeFilter: ["style"] });
    });
    return { moved };
  });
  await stage.write("Away", "to the top");
  expect(await moving.evaluate((it) => it.moved)).toContain("transition: transform 200ms ease-in-out");
});

test("2.2-06 opening a chat marks it read", async ({ stage, page, list }) => {
  await list.toTop();
  await stage.write("Kinds", "unread words");
  await chatRow(page, "Kinds").locator('[data-testid="icon-unread-count"]').waitFor();
  await openChat(page, "Kinds");
  await expect.poll(() => chatRow(page, "Kinds").locator('[data-testid="icon-unread-count"]').count()).toBe(0);
  await page.keyboard.press("Escape");
});

test("2.2-07 headings of search results are rows too", async ({ page, list }) => {
  await list.search("Hello 1");
  const headings = page.locator('#pane-side [role="row"]:not(:has([data-testid="cell-frame-title"]))');
  await headings.filter({ hasText: "Messages" }).waitFor();
  expect(await headings.first().getAttribute("style")).toContain("height: 72px");
  await list.search("");
});

test("2.2-02 headings have another height than chats", async ({ page, list }) => {
  await list.search("Muted");
  const heading = page.locator('#pane-side [role="row"]').filter({ hasText: /^Chats$/ });
  await heading.waitFor();
  expect(await heading.getAttribute("style")).not.toContain("height: 76px");
  await list.search("");
});

test("2.2-08 a chat has a cell frame, the chat with oneself has none", async ({ page, list }) => {
  const own = page.locator('#pane-side [role="row"]:has([data-testid="message-yourself-row"])');
  await list.reach("Conf Shop (You)");
  expect(await own.locator('[data-testid="cell-frame-container"]').count()).toBe(0);
  await list.toTop();
  expect(
    await chatRow(page, "Pinned one")
      .locator('[data-testid="cell-frame-container"] [data-testid="cell-frame-title"]')
      .count(),
  ).toBe(1);
});

test("2.3-01 while scrolling the list takes no clicks, and does 150 ms later", async ({ page, list }) => {
  await list.toTop();
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
  await list.toTop();
});

test("2.3-02 the cell inside the row opens the chat", async ({ page }) => {
  await pressChat(page, "Pinned one");
  await page.locator('#main [title="Pinned one"]').waitFor();
  await page.keyboard.press("Escape");
});

test("2.5-01 filters are tabs with test ids and counts in their text", async ({ page, list }) => {
  const tabs = page.locator('[role="tablist"][aria-label="chat-list-filters"] [role="tab"]');
  expect(await tabs.evaluateAll((all) => all.map((one) => one.getAttribute("data-testid")))).toEqual([
    "all-filter",
    "unread-filter",
    "favorites-filter",
    "group-filter",
  ]);
  expect(await page.locator('[data-testid="unread-filter"]').textContent()).toMatch(/^Unread \d+$/);
  await page.locator('[data-testid="group-filter"]').click();
  await expect.poll(() => list.rowCount()).toBe("2");
  await page.locator('[data-testid="all-filter"]').click();
});

test("2.5-02 favourites are offered only where there are some", async ({ stage, page }) => {
  await stage.toChat("Muted one", { do: "favorite", on: false });
  await expect.poll(() => page.locator('[data-testid="favorites-filter"]').count()).toBe(0);
  await stage.toChat("Muted one", { do: "favorite", on: true });
  await page.locator('[data-testid="favorites-filter"]').waitFor();
});

test("2.5-03 archived chats are behind a row, in a drawer with a grid", async ({ page }) => {
  const entry = page.locator("#side button", { hasText: "Archived" });
  expect(await icons(entry)).toContain("ic-archive");
  await entry.click();
  await page.locator('[data-testid="drawer-left"] [role="grid"] [title="Archived one"]').waitFor();
});

test("2.5-05 the drawer covers the list until Escape", async ({ page, list }) => {
  const drawer = page.locator('[data-testid="drawer-left"]');
  await drawer.waitFor();
  const [over, under] = [await drawer.boundingBox(), await list.pane.boundingBox()];
  expect(over && under && over.x <= under.x && over.width >= under.width).toBe(true);
  await drawer.locator('[data-testid="chat-list"]').focus();
  await page.keyboard.press("Escape");
  await expect.poll(() => drawer.count()).toBe(0);
});

test("2.5-04 empty lists say so", async ({ page, list }) => {
  await list.search("zzzzzz nothing");
  await page.locator('[data-testid="search-no-chats-or-contacts-container"]').waitFor();
  await list.search("");
});
