// The panel on the right: a contact's number and words about itself, or a group's people.
import { column, css, ellipsis, row } from "../atoms.ts";
import { type Child, h } from "../dom.ts";
import { withEmoji } from "../emoji.ts";
import { faulty } from "../fault.ts";
import { drawing } from "../icons.ts";
import { avatar, shownTitle } from "../list/row.ts";
import { type Item, VirtualGrid } from "../list/virtual.ts";
import { panelWord } from "../locale/panels.ts";
import type { Model } from "../model.ts";
import type { Business, ChatRow, Info, MemberInfo } from "../protocol.ts";
import { openPopup } from "../screens/popup.ts";

/** How many people the panel itself lists. */
const SHOWN = 10;
const MEMBER_HEIGHT = 68;

const drawer = `${column} ${css("width: 400px; flex-shrink: 0; height: 100%; background: #fff; border-left: 1px solid #e9e7e3; overflow-y: auto")}`;
const bar = `${row} ${css("height: 64px; flex-shrink: 0; padding: 0 20px; gap: 20px; font-size: 16px")}`;
const top = `${column} ${css("align-items: center; gap: 8px; padding: 28px 24px; border-bottom: 8px solid #f7f5f3")}`;
const section = `${column} ${css("gap: 6px; padding: 16px 28px; border-bottom: 8px solid #f7f5f3")}`;
const quiet = css("color: rgba(0, 0, 0, 0.6); font-size: 14px");

/** Builds the panel; `info` is null until the server answered. */
export function infoPanel(model: Model, chat: ChatRow, info: Info | null, close: () => void): HTMLElement {
  const { lang } = model.texts;
  const group = chat.kind === "group";
  return h("div", { "data-testid": "drawer-right", tabindex: -1, class: drawer }, [
    h("div", { "data-testid": "chat-info-drawer", class: column }, [
      h("header", { "data-testid": group ? "group-info-header" : "contact-info-header", class: bar }, [
        h(
          "button",
          { type: "button", "data-testid": "btn-closer-drawer", "aria-label": model.texts.session.close },
          [drawing("ic-close", 22)],
          { click: close },
        ),
        h(
          "h1",
          { class: css("font-size: 16px; font-weight: 500") },
          panelWord(lang, group ? "groupInfo" : "contactInfo"),
        ),
      ]),
      ...(group ? groupParts(model, chat, info) : contactParts(model, chat, info)),
    ]),
  ]);
}

function selectable(testid: string, text: string, look = ""): HTMLElement {
  return h(
    "span",
    {
      "data-testid": faulty("5-one-word-ids") ? "selectable-text" : `${testid} selectable-text`,
      dir: "auto",
      class: `selectable-text copyable-text ${look}`.trim(),
    },
    withEmoji(text),
  );
}

function contactParts(model: Model, chat: ChatRow, info: Info | null): Child[] {
  const { lang } = model.texts;
  const phone = info?.phone ?? (info && faulty("5-number-never-missing") ? "+55 11 92000-0000" : null);
  const subtitle = chat.saved ? phone : chat.pushName ? `~${chat.pushName}` : null;
  const about = info?.about ?? null;
  const name = about && phone ? "section-about-and-phone-number" : about ? "section-about" : "section-phone-number";
  return [
    h("div", { class: top }, [
      avatar(chat, 120),
      selectable("select-all", shownTitle(model, chat), css("font-size: 22px")),
      subtitle && !faulty("5-no-subtitle") ? selectable("contact-info-subtitle", subtitle, quiet) : null,
    ]),
    info?.business ? businessPart(info.business) : null,
    info?.business && (about || phone)
      ? h("div", { class: section }, [
          // A business's section has its name on the heading.
          h("div", { "data-testid": name, class: quiet }, panelWord(lang, about ? "about" : "phone")),
          about ? selectable("select-all", about) : null,
          phone ? selectable("select-all", phone) : null,
        ])
      : null,
    info && !info.business && (about || phone)
      ? h("div", { "data-testid": name, class: section }, [
          about ? [h("div", { class: quiet }, panelWord(lang, "about")), selectable("select-all", about)] : null,
          phone ? [h("div", { class: quiet }, panelWord(lang, "phone")), selectable("select-all", phone)] : null,
        ])
      : null,
    info && !phone
      ? h("div", { "data-testid": "contact-info-pnh-info", class: section }, [
          h("span", { class: quiet }, shownTitle(model, chat)),
        ])
      : null,
  ];
}

/** What a business says of itself, above everything else. */
function businessPart({ description, hours, address, email, websites }: Business): HTMLElement {
  const plain = (text: string) => h("div", {}, [selectable("select-all", text)]);
  const link = (testid: string, href: string, text: string) =>
    h("div", {}, [h("a", { "data-testid": testid, href, target: "_blank", rel: "noopener noreferrer" }, text)]);
  return h("div", { class: section }, [
    description ? plain(description) : null,
    hours.length > 0
      ? h(
          "div",
          {},
          hours.map((line) => h("div", { "data-testid": "business-hours-row", class: quiet }, line)),
        )
      : null,
    address ? plain(address) : null,
    email ? link("business-info-email", `mailto:${email}`, email) : null,
    ...websites.map((site) => link("business-info-website", site, site)),
  ]);
}

function groupParts(model: Model, chat: ChatRow, info: Info | null): Child[] {
  const { lang } = model.texts;
  const members = everybody(model, info);
  const count = faulty("5-members-not-counted") ? SHOWN : members.length || (chat.members?.length ?? 0) + 1;
  return [
    h("div", { class: top }, [
      avatar(chat, 120),
      h("div", { "data-testid": "group-subject" }, [selectable("select-all", chat.title, css("font-size: 22px"))]),
      h("div", { "data-testid": "group-info-top-card-subtitle", class: quiet }, panelWord(lang, "members", count)),
      info?.about
        ? h("div", { "data-testid": "group-info-drawer-description-container", dir: "auto", class: quiet }, [
            ...withEmoji(info.about),
          ])
        : null,
    ]),
    h("div", { "data-testid": "group-info-participants-section", class: section }, [
      h("div", { "data-testid": "section-participants", class: `${row} ${css("justify-content: space-between")}` }, [
        h("span", { class: quiet }, panelWord(lang, "members", count).replace(/^.*·\s*/, "")),
        h("button", { type: "button", "aria-label": panelWord(lang, "searchMembers") }, [drawing("ic-search", 20)], {
          click: () => showMembers(model, members),
        }),
      ]),
      ...members.slice(0, SHOWN).map((member) => h("div", { role: "listitem" }, [memberRow(model, member)])),
      members.length > SHOWN
        ? h(
            "button",
            { type: "button", class: css("color: #1b8755; padding: 10px; text-align: left") },
            panelWord(lang, "viewAll", members.length - SHOWN),
            { click: () => showMembers(model, members) },
          )
        : null,
    ]),
  ];
}

function everybody(model: Model, info: Info | null): MemberInfo[] {
  if (!info) return [];
  const us = { name: model.texts.list.you, phone: model.config.ownPhone ?? "", push: null, admin: false, about: null };
  return [us, ...info.members];
}

function memberRow(model: Model, member: MemberInfo): HTMLElement {
  return h("div", { role: "button", tabindex: 0, class: `${row} ${css("gap: 12px; height: 64px")}` }, [
    h("div", { class: css("width: 40px; height: 40px; border-radius: 50%; background: #e3e0db; flex-shrink: 0") }),
    h("div", { class: `${column} ${css("flex: 1 1 0; min-width: 0; gap: 2px")}` }, [
      h("div", { class: `${row} ${css("justify-content: space-between; gap: 8px")}` }, [
        h(
          "span",
          { dir: "auto", title: member.name ?? member.phone, class: ellipsis },
          withEmoji(member.name ?? member.phone),
        ),
        member.admin
          ? h(
              "span",
              {
                class: css(
                  "font-size: 12px; background: #e7fce3; color: #15603e; border-radius: 4px; padding: 1px 6px; flex-shrink: 0",
                ),
              },
              panelWord(model.texts.lang, "admin"),
            )
          : null,
      ]),
      h(
        "div",
        {
          class: `${row} ${css("justify-content: space-between; gap: 8px; font-size: 13px; color: rgba(0, 0, 0, 0.6)")}`,
        },
        [
          h("span", { dir: "auto", class: ellipsis }, member.about ?? ""),
          member.name === null && member.push ? h("span", { dir: "auto" }, `~${member.push}`) : null,
        ],
      ),
    ]),
  ]);
}

/** All members in a dialog of its own, of which only what is near is drawn. */
function showMembers(model: Model, members: MemberInfo[]): void {
  const grid = new VirtualGrid(
    panelWord(model.texts.lang, "searchMembers"),
    { class: css("height: 420px; width: 420px; overflow-y: auto") },
    () => 0,
    "listitem",
  );
  const item = (member: MemberInfo): Item => ({
    id: member.phone,
    height: MEMBER_HEIGHT,
    stamp: () => member.phone,
    draw: () => memberRow(model, member),
  });
  const search = panelWord(model.texts.lang, "searchMembers");
  const field = h("input", {
    type: "text",
    role: "textbox",
    "aria-label": search,
    placeholder: search,
    class: css("padding: 8px"),
  });
  openPopup(search, h("div", { class: column }, [field, grid.scroller]));
  grid.setItems(members.map(item));
}
