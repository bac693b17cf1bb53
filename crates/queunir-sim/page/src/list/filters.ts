// The filter tabs above the list; their texts carry unread counts.
import { css, row } from "../atoms.ts";
import { h, put } from "../dom.ts";
import type { Model } from "../model.ts";
import type { ChatRow } from "../protocol.ts";

export type FilterName = "all" | "unread" | "favorites" | "groups";

const TESTIDS: Record<FilterName, string> = {
  all: "all-filter",
  unread: "unread-filter",
  favorites: "favorites-filter",
  groups: "group-filter",
};

const tab = css(
  "border: 1px solid #dedede; border-radius: 16px; padding: 5px 12px; font-size: 14px; color: rgba(0, 0, 0, 0.6); white-space: nowrap",
);
const chosenTab = css("background-color: #d9fdd3; border-color: #c3e9c0; color: #15603e");

/** Whether a filter keeps a chat. */
export function keeps(filter: FilterName, chat: ChatRow): boolean {
  if (filter === "unread") return chat.unread > 0 || chat.markedUnread;
  if (filter === "groups") return chat.kind === "group";
  if (filter === "favorites") return chat.favorite === true;
  return true;
}

/** The row of tabs. */
export function filterBar(
  model: Model,
  choose: (name: FilterName) => void,
): { node: HTMLElement; update: (chats: ChatRow[]) => void } {
  let chosen: FilterName = "all";
  let latest: ChatRow[] = [];
  const node = h("div", {
    role: "tablist",
    "aria-label": "chat-list-filters",
    class: `${row} ${css("gap: 8px; padding: 4px 20px 10px; flex-shrink: 0")}`,
  });

  const update = (chats: ChatRow[]): void => {
    latest = chats;
    const unread = chats.filter((chat) => keeps("unread", chat)).length;
    const label = (name: FilterName): string => {
      const text = model.texts.list.filters[name];
      return name === "unread" && unread ? `${text} ${unread}` : text;
    };
    // Which filters an account has differs; favourites show only once there are some.
    const some = chats.some((chat) => chat.favorite);
    const names = (Object.keys(TESTIDS) as FilterName[]).filter((name) => name !== "favorites" || some);
    put(node, `${chosen} ${unread} ${some}`, () =>
      names.map((name) =>
        h(
          "button",
          {
            type: "button",
            role: "tab",
            "data-testid": TESTIDS[name],
            id: `${TESTIDS[name]}-tab`,
            "aria-selected": String(chosen === name),
            class: chosen === name ? `${tab} ${chosenTab}` : tab,
          },
          [h("div", {}, label(name))],
          {
            click() {
              chosen = name;
              choose(name);
              update(latest);
            },
          },
        ),
      ),
    );
  };
  return { node, update };
}
