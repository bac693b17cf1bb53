// The words of the page in each language it can be opened in.
import { en } from "./en.ts";
import { es } from "./es.ts";
import { it } from "./it.ts";
import { ptBr } from "./pt-br.ts";
import { zhCn } from "./zh-cn.ts";

export interface Texts {
  /** `html[lang]`. */
  lang: string;
  /** Locale for numbers and dates. */
  intl: string;
  qr: {
    label: string;
    heading: string;
    steps: string[];
    reload: string;
    phoneLogin: string;
    stay: string;
  };
  loading: { chats: string; dontClose: string; encrypted: string; logOut: string };
  list: {
    label: string;
    search: string;
    filters: { all: string; unread: string; favorites: string; groups: string };
    unread: string;
    unreadCount: (count: number, shown: string) => string;
    you: string;
    selfSuffix: string;
    draft: string;
    typing: string;
    nameTyping: (name: string) => string;
    archived: string;
    pinned: string;
    muted: string;
    chatsHeading: string;
    messagesHeading: string;
    noResults: string;
    noFiltered: string;
    allArchived: string;
    offlineTitle: string;
    offlineBody: string;
    chatsTitle: string;
  };
  intro: { title: string; body: string; encrypted: string };
  header: {
    online: string;
    lastSeen: (when: string) => string;
    contactInfo: string;
    groupInfo: string;
    at: string;
  };
  conversation: {
    today: string;
    yesterday: string;
    unread: (count: number, shown: string) => string;
    encryption: string;
    readMore: string;
    edited: string;
    deletedByThem: string;
    deletedByUs: string;
    waiting: string;
    scrollToBottom: string;
    acks: { pending: string; sent: string; delivered: string; read: string; played: string; failed: string };
    systems: Record<string, string>;
  };
  stranger: { text: string; block: string; report: string; add: string };
  kinds: {
    openPicture: string;
    playVoice: string;
    voice: string;
    download: string;
    open: string;
    sticker: string;
    pages: (count: number) => string;
    contacts: (first: string, others: number) => string;
    viewContact: string;
    viewAll: string;
    selectOne: string;
    selectSeveral: string;
    viewVotes: string;
    quoted: string;
    forwarded: string;
    forwardedMany: string;
    starred: string;
    react: string;
    reaction: (emoji: string) => string;
    reactions: (emoji: string, count: number) => string;
    deletedByAdmin: (name: string) => string;
    oncePhoto: string;
    onceVideo: string;
    call: (video: boolean) => string;
    missedCall: (video: boolean) => string;
    /** One word for a kind where there is no room for the thing. */
    names: Record<string, string>;
  };
  composer: {
    placeholder: string;
    label: (name: string) => string;
    groupLabel: (name: string) => string;
    send: string;
    voice: string;
    attach: string;
    emoji: string;
    readOnly: string;
  };
  session: { another: string; close: string; useHere: string; connecting: string; loggedOut: string };
  unsupported: { title: string; body: string; update: string };
}

const tables: Record<string, Texts> = { en, es, it, pt: ptBr, zh: zhCn };

/** The table for a locale such as `pt-BR` or `es_419`; English when the language is unknown. */
export function textsFor(locale: string): Texts {
  const language = locale.replace("_", "-").split("-")[0] ?? "en";
  const table = tables[language.toLowerCase()] ?? en;
  const region = locale.replace("_", "-");
  return region.toLowerCase().startsWith("en-") ? { ...table, intl: region } : table;
}
