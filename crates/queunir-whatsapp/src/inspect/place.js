// Puts a saved page, or a piece of one, into an empty document so that the reader finds it where WhatsApp Web has it.
//
// The file is a stranger's. It is parsed into a document without a window, in which nothing runs and nothing is
// fetched; what could do either is taken out before its nodes are moved over.

(html, lang) => {
  const all = (scope, selector) => [...scope.querySelectorAll(selector)];
  const parsed = new DOMParser().parseFromString(html, "text/html");
  // Names shadow a document's and a form's own properties, so they go first and by ways that cannot be shadowed.
  for (const element of Document.prototype.querySelectorAll.call(
    parsed,
    "[name], form[id], form [id], img[id], object[id], embed[id], iframe[id]",
  )) {
    Element.prototype.removeAttribute.call(element, "name");
    if (!/^(app|main|side|pane-side)$/.test(Element.prototype.getAttribute.call(element, "id") ?? ""))
      Element.prototype.removeAttribute.call(element, "id");
  }
  for (const element of all(
    parsed,
    "script, noscript, template, iframe, frame, object, embed, applet, portal, link, meta, base, source, track",
  ))
    element.remove();
  for (const element of all(parsed, "*"))
    for (const { name } of [...element.attributes])
      if (/^on|^(srcset|ping|formaction|action|autofocus|autoplay|srcdoc)$/i.test(name)) element.removeAttribute(name);

  const guard = document.createElement("meta");
  guard.httpEquiv = "Content-Security-Policy";
  guard.content = "default-src 'none'; style-src 'unsafe-inline'";
  document.head.replaceChildren(guard, ...all(parsed, "head style").map((style) => document.adoptNode(style)));
  for (const [from, to] of [
    [parsed.documentElement, document.documentElement],
    [parsed.body, document.body],
  ])
    for (const { name, value } of from.attributes)
      if (/^(lang|dir|id|class|style)$/.test(name)) to.setAttribute(name, value);
  if (!document.documentElement.getAttribute("lang")) document.documentElement.lang = lang;
  document.body.replaceChildren(...[...parsed.body.childNodes].map((node) => document.adoptNode(node)));

  const body = document.body;
  const make = (tag, attributes = {}) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  };
  const find = (selector) => body.querySelector(selector);
  if (find("#app") === null) {
    const app = make("div", { id: "app" });
    app.append(...body.childNodes);
    body.append(app);
  }
  const app = find("#app");
  const outermost = (elements) => {
    const set = new Set(elements);
    return [...set].filter((element) => {
      for (let parent = element.parentElement; parent !== null; parent = parent.parentElement)
        if (set.has(parent)) return false;
      return true;
    });
  };
  /** The deepest element that has them all, and is none of them. */
  const shared = (elements) => {
    let box = elements[0].parentElement;
    while (box !== null && !elements.every((element) => box.contains(element))) box = box.parentElement;
    return box ?? body;
  };
  const within = (element, selector) => element.closest(selector) !== null;

  // Rows of messages.
  const rows = outermost(
    all(body, "[data-id]").filter(
      (row) => !within(row, "#side, #pane-side, #main, [data-testid^='drawer-'], [role='dialog']"),
    ),
  ).map((row) => row.closest("[role='row']") ?? row);
  const LIST_ROW = "[role='row'], [role='listitem'], [data-testid='cell-frame-container']";
  const LIST_MARK =
    "[data-testid='cell-frame-title'], [data-testid='cell-frame-container'], [data-testid='message-yourself-row'], [role='gridcell']";
  const chats = outermost(
    all(body, LIST_MARK)
      .filter(
        (mark) =>
          !within(
            mark,
            "#pane-side, [data-scrolltracepolicy='wa.web.chatlist'], #main, [data-id], [data-testid^='drawer-'], [role='dialog']",
          ),
      )
      .map(
        (mark) =>
          outermost(
            [mark.closest("[role='listitem']"), mark.closest("[role='row']"), mark.closest(LIST_ROW)].filter(
              (row) => row !== null,
            ),
          )[0] ?? mark,
      ),
  );
  const main = find("#main, [data-testid='conversation-panel-wrapper']");
  if (rows.length > 0 && main === null) {
    const list = shared(rows);
    const others = (element) =>
      chats.some((chat) => element.contains(chat) || chat.contains(element)) ||
      within(element, "#side") ||
      element.querySelector("#side") !== null;
    const pane = make("div", { id: "main" });
    if (list === app || list === body || others(list)) {
      // Bare rows: they and what stands between them, but not chats.
      const box = make("div", { "data-scrolltracepolicy": "wa.web.conversation.messages", style: "overflow-y: auto" });
      const siblings = [...list.childNodes].filter((node) => node.nodeType === Node.ELEMENT_NODE && !others(node));
      const frame = siblings.filter((node) => node.matches("header, footer"));
      box.append(...siblings.filter((node) => !frame.includes(node)));
      pane.append(
        ...frame.filter((node) => node.matches("header")),
        box,
        ...frame.filter((node) => node.matches("footer")),
      );
      (list === body ? app : list).append(pane);
    } else {
      // A piece of the pane: as far up as it holds nothing else.
      let whole = list;
      while (
        whole.parentElement !== app &&
        whole.parentElement !== body &&
        whole.parentElement !== null &&
        !others(whole.parentElement)
      )
        whole = whole.parentElement;
      if (whole.parentElement === app && ![...app.children].some((child) => others(child))) {
        pane.append(...app.childNodes);
        app.append(pane);
      } else {
        whole.replaceWith(pane);
        pane.append(whole);
      }
    }
  }
  const open = find("#main, [data-testid='conversation-panel-wrapper']");
  if (open !== null && open.querySelector("header") === null) open.prepend(make("header"));

  // Rows of chats.
  if (chats.length > 0 && find("#pane-side, [data-scrolltracepolicy='wa.web.chatlist']") === null) {
    const list = shared(chats);
    const pane = make("div", { id: "pane-side" });
    if (list === app || list === body || list.contains(open)) {
      const grid = make("div", { role: "grid" });
      grid.append(...chats);
      pane.append(grid);
      app.prepend(pane);
    } else {
      list.replaceWith(pane);
      pane.append(list);
    }
  }
  return "placed";
};
