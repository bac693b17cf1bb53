// What the mock server begins with in each of its scenes.
import type { ChatHistory, Link, Me, SliceView } from "#/api/types";
import { iso } from "#/mock/answers";
import { hex, type Shop, shop } from "#/mock/shop";

export type Scene =
  | "signed-out"
  | "setup"
  | "provisioning"
  | "provisioning-long"
  | "qr"
  | "timeout"
  | "loading"
  | "empty"
  | "inbox"
  | "uncertain"
  | "gap"
  | "phone"
  | "failed"
  | "unsure"
  | "paused"
  | "walk";

/** Everything that a scene sets. */
export interface State {
  me: Me | null;
  slice: SliceView;
  link: Link | null;
  shop: Shop;
  gaps: ChatHistory["gaps"];
}

/** A scene as it begins. */
export function stateOf(scene: Scene, start: number): State {
  const state: State = {
    me: {
      id: `user_${hex(1)}`,
      email: "ana@lojadaana.example",
      role: "owner",
      locale: "en",
      has_slice: true,
      reading_mode: "on_open",
    },
    slice: {},
    link: null,
    shop: shop(start),
    gaps: [],
  };
  const linked: SliceView = {
    desired: "linked",
    phase: "linked",
    wanted_at: iso(start - 60_000),
    phase_since: iso(start - 30_000),
  };
  const link = (more: Partial<Link>): Link => ({
    state: "linked",
    condition: "connected",
    condition_since: iso(start - 20_000),
    chats_found: state.shop.chats.length,
    first_list_complete: true,
    phone: "+55 11 91234-5678",
    reading_mode: "on_open",
    since: iso(start - 20_000),
    certain_until: iso(start),
    ...more,
  });
  const none = (): void => {
    state.shop = { chats: [], messages: new Map(), outgoing: new Map() };
  };
  switch (scene) {
    case "signed-out":
      state.me = null;
      return state;
    case "walk":
    case "setup":
      if (state.me) state.me = { ...state.me, has_slice: false, reading_mode: null };
      if (scene === "setup") none();
      return state;
    case "provisioning":
    case "provisioning-long":
      none();
      state.slice = {
        desired: "linked",
        phase: "starting",
        wanted_at: iso(start - (scene === "provisioning" ? 3_000 : 95_000)),
        phase_since: iso(start),
      };
      return state;
    case "qr":
      none();
      state.slice = { ...linked, phase: "qr" };
      state.link = link({
        state: "qr",
        first_list_complete: false,
        chats_found: 0,
        phone: null,
        qr: {
          value: "2@kq8Zb3mVYt0pXrWc7uJfHnLsGaEoDiQ1,Mz9xTvB4kRyPwNhCjUeSgFdAoIl6K5=,x2bQ7LpVn8sT0rYc3WmZ,AQID==,1",
          number: 2,
          of: 6,
          shown_at: iso(start - 6_000),
          expires_at: iso(start + 14_000),
        },
      });
      return state;
    case "timeout":
      none();
      state.slice = { ...linked, phase: "qr" };
      state.link = link({ state: "qr_timeout", first_list_complete: false, chats_found: 0, phone: null });
      return state;
    case "loading":
      none();
      state.slice = linked;
      state.link = link({ first_list_complete: false, chats_found: 23, since: iso(start - 8_000) });
      return state;
    case "empty":
      none();
      state.slice = linked;
      state.link = link({});
      return state;
    case "unsure":
      state.slice = { ...linked, phase: "degraded" };
      state.link = link({ state: "offline", certain_until: iso(start - 7 * 60_000) });
      return state;
    case "paused":
      state.slice = { desired: "service", phase: "service", stop_reason: "idle", phase_since: iso(start) };
      state.link = link({ state: "no_browser", stop_reason: "idle" });
      return state;
    case "gap":
    case "phone":
      state.slice = linked;
      state.link = link({});
      leaveOut(state, `chat_${hex(1)}`, scene, start);
      return state;
    case "uncertain":
    case "failed":
      state.slice = linked;
      state.link = link({});
      state.shop.outgoing.set(`chat_${hex(3)}`, [
        {
          id: `out_${hex(9)}`,
          chat_id: `chat_${hex(3)}`,
          client_key: "scene",
          text: "Pix recebido, obrigada! Seu pacote sai hoje à tarde e chega até quinta.",
          state: scene,
          reason: scene === "failed" ? "read_only" : "restart",
          created_at: iso(start - 40_000),
        },
      ]);
      return state;
    case "inbox":
      state.slice = linked;
      state.link = link({});
  }
  return state;
}

/** A chat with a gap above its eighth message, or with its older messages on the phone. */
function leaveOut(state: State, chatId: string, what: "gap" | "phone", now: number): void {
  const older = what === "phone" ? "needs_permission" : "may_come";
  state.shop.chats = state.shop.chats.map((chat) =>
    chat.id === chatId ? { ...chat, history_complete: false, older } : chat,
  );
  const messages = state.shop.messages.get(chatId) ?? [];
  const [above, below] = [messages[6], messages[7]];
  if (what !== "gap" || !above || !below) return;
  state.gaps.push({
    id: `gap_${hex(1)}`,
    chat_id: chatId,
    state: "open",
    after_id: above.id,
    before_id: below.id,
    from: above.sent_at ?? null,
    until: below.sent_at ?? null,
    found: 12,
    attempts: 1,
    next_try: iso(now + 240_000),
  });
}
