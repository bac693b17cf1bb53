// Markup written from the evidence alone, in the two generations that a page may be served in.

export interface ChatOptions {
  title: string;
  y: number;
  time?: string;
  preview?: string;
  unreadLabel?: string;
  unreadText?: string;
  tick?: string;
  media?: string;
  extra?: string;
  secondary?: string;
  author?: string;
  /** In place of the default icon. */
  picture?: string;
}

/** A chat row of the current generation. */
export function g3Chat(chat: ChatOptions, index = 0): string {
  const tick = chat.tick ? `<div><svg><title>${chat.tick}</title><path fill="currentColor"></path></svg></div>` : "";
  const media = chat.media ? `<svg><title>${chat.media}</title></svg>` : "";
  const author = chat.author ? `<span>${chat.author}</span>:\u00a0` : "";
  const preview =
    chat.secondary ??
    `${tick}<span data-testid="last-msg-status" title="\u202a${chat.preview ?? ""}\u202c">${media}${author}<span dir="ltr">${chat.preview ?? ""}</span></span>`;
  const badge = chat.unreadLabel
    ? `<div aria-hidden="true"><span data-testid="icon-unread-count" aria-label="${chat.unreadLabel}">${chat.unreadText ?? ""}</span></div>`
    : "";
  const icon = `<span data-testid="default-contact" data-icon="default-contact"><svg><title>default-contact</title></svg></span>`;
  const hidden = chat.unreadLabel ? `<span class="hidden">${chat.unreadLabel}</span>` : "";
  return `<div role="row" data-testid="list-item-${index}" style="z-index: 1; transition: none 0s ease 0s; height: 76px; transform: translateY(${chat.y}px)">
<div aria-selected="false" tabindex="-1"><div data-testid="cell-frame-container"><div>${chat.picture ?? icon}</div><div>
<div role="gridcell" aria-colindex="2"><div data-testid="cell-frame-title">${hidden}<span title="${chat.title}" dir="auto">${chat.title}</span></div><div data-testid="cell-frame-primary-detail"><span>${chat.time ?? "11:58"}</span></div></div>
<div data-testid="cell-frame-secondary">${preview}<div role="gridcell" aria-colindex="1">${badge}${chat.extra ?? ""}</div></div>
</div></div></div></div>`;
}

/** A heading row, as in search results: the same role, no cell. */
export function heading(text: string, y: number): string {
  return `<div role="row" data-testid="list-item-9" style="height: 48px; transform: translateY(${y}px)"><div><span>${text}</span></div></div>`;
}

export function list(rows: string[], total = rows.length): string {
  return `<div id="side"><div id="pane-side" data-scrolltracepolicy="wa.web.chatlist"><div data-testid="chat-list" tabindex="0"><div role="grid" aria-label="Lista de conversas" aria-rowcount="${total}" style="height: ${total * 76}px">${rows.join("")}</div></div></div></div>`;
}

export interface BubbleOptions {
  id: string;
  pre?: string;
  body?: string;
  clock?: string;
  ack?: { icon: string; label: string };
  label?: string;
  tail?: "in" | "out";
  inside?: string;
  outside?: string;
  meta?: string;
  virtualized?: boolean;
}

/** A message row of the current generation. */
export function g3Message(bubble: BubbleOptions): string {
  if (bubble.virtualized)
    return `<div role="row"><div data-id="${bubble.id}" data-testid="conv-msg-${bubble.id}" tabindex="-1"><div data-virtualized="true" style="min-height: 60px"><div></div></div></div></div>`;
  const tail = bubble.tail
    ? `<span data-icon="tail-${bubble.tail}" data-testid="tail-${bubble.tail}"><svg><title>tail-${bubble.tail}</title></svg></span>`
    : "";
  const ack = bubble.ack
    ? `<div><span aria-label="${bubble.ack.label}"><svg><title>${bubble.ack.icon}</title></svg></span></div>`
    : "";
  const body =
    bubble.body === undefined
      ? ""
      : `<div><span data-testid="selectable-text" class="selectable-text copyable-text" dir="ltr">${bubble.body}</span><span aria-hidden="true"><span>${bubble.clock ?? "11:58"}</span></span></div>`;
  const copy = bubble.pre
    ? `<div class="copyable-text" data-pre-plain-text="${bubble.pre}">${bubble.inside ?? ""}${body}</div>`
    : `${bubble.inside ?? ""}${body}`;
  return `<div role="row"><div data-id="${bubble.id}" data-testid="conv-msg-${bubble.id}" tabindex="-1"><div data-virtualized="false"><div>${tail}
<div data-testid="msg-container">${bubble.label ? `<span aria-label="${bubble.label}"></span>` : ""}${copy}<div data-testid="msg-meta">${bubble.meta ?? ""}<span dir="auto">${bubble.clock ?? "11:58"}</span>${ack}</div></div>${bubble.outside ?? ""}</div></div></div></div>`;
}

export function marker(text: string): string {
  return `<div role="row"><div><div><span dir="auto">${text}</span></div></div></div>`;
}

export function encryptionNotice(
  text = "As mensagens e ligações são protegidas com a criptografia de ponta a ponta. Somente as pessoas desta conversa podem ler.",
): string {
  return `<div role="row"><div data-id="E2E0000000" tabindex="-1"><div data-virtualized="false"><div role="button"><div data-testid="msg-notification-container"><div>${text}</div></div></div></div></div></div>`;
}

export function conversation(
  rows: string[],
  title = "Maria Souza",
  composer = `<p class="selectable-text copyable-text" dir="ltr"><br></p>`,
): string {
  return `<div id="main" data-testid="conversation-panel-wrapper">
<header data-testid="conversation-header"><div data-testid="conversation-info-header" data-tab="6"><span dir="auto" title="${title}" data-testid="conversation-info-header-chat-title">${title}</span><span data-testid="chat-subtitle">online</span></div></header>
<div data-testid="conversation-panel-body"><div class="copyable-area"><div data-testid="conversation-panel-messages" data-scrolltracepolicy="wa.web.conversation.messages" tabindex="0"><div data-tab="8">${rows.join("")}</div></div></div></div>
<footer><div data-testid="compose-box"><div contenteditable="true" role="textbox" data-tab="10" data-lexical-editor="true" data-testid="conversation-compose-box-input" aria-label="Digite uma mensagem para ${title}">${composer}</div></div></footer></div>`;
}

export function page(inner: string): string {
  return `<div id="app"><div class="app-wrapper-web" data-testid="wa-web-main-screen">${inner}</div></div>`;
}

/** A message of the generation before: packed id, classes, no testids. */
export function g2Message(options: {
  id: string;
  out: boolean;
  pre: string;
  body: string;
  icon?: string;
  label?: string;
}): string {
  const tick = options.icon
    ? `<div><span aria-label="${options.label ?? ""}" data-icon="${options.icon}"><svg></svg></span></div>`
    : "";
  return `<div role="row"><div tabindex="-1" data-id="${options.id}"><div class="message-${options.out ? "out" : "in"} focusable-list-item"><div><div class="copyable-text" data-pre-plain-text="${options.pre}"><div><span dir="ltr" class="_ao3e selectable-text copyable-text"><span>${options.body}</span></span></div></div><div><div><span dir="auto">11:58</span>${tick}</div></div></div></div></div></div>`;
}

export function g2Conversation(rows: string[], title = "Maria Souza"): string {
  return `<div id="main"><header><div data-tab="6" role="button"><span dir="auto" title="${title}">${title}</span></div></header><div class="copyable-area"><div tabindex="0" data-scrolltracepolicy="wa.web.conversation.messages"><div role="application" data-tab="8">${rows.join("")}</div></div></div><footer><div contenteditable="true" role="textbox" data-tab="10"><p><br></p></div></footer></div>`;
}
