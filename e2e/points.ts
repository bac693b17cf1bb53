// The fourteen points of a send at which something dies (DEL-07), each told by what stands still, and what happens then.
import { createHash } from "node:crypto";
import { type Account, until } from "./account.ts";
import { killBackends } from "./database.ts";
import { disturb, FAULTS, trouble } from "./faults.ts";
import type { Holds, Place } from "./holds.ts";
import { ledger } from "./ledger.ts";
import type { Service } from "./service.ts";

/** One send that stands at a point. */
export interface Send {
  service: Service;
  account: Account;
  holds: Holds;
  text: string;
  /** Which of the point's rounds it is; what dies goes by it. */
  round: number;
  /** What the database says of it. */
  fate: () => { state: string; requeued: boolean } | undefined;
}

export interface Point {
  name: string;
  /** Where it stands still, by round. */
  hold: (round: number) => Place;
  /** What is made ready before the message is sent. */
  before?: (send: Send) => Promise<void>;
  /** What happens there. Whatever is still held afterwards is let go. */
  act: (send: Send) => Promise<void>;
}

const KILLS = ["slice", "browser", "database"] as const;

/** Ends the agent, its browser or its database, in turn. */
async function die({ service, round }: Send): Promise<(typeof KILLS)[number]> {
  const kill = KILLS[round % KILLS.length] as (typeof KILLS)[number];
  await FAULTS[kill](service);
  return kill;
}

/** Waits until the page has handed the message to WhatsApp's server, which took it or not. */
async function submitted({ service, text }: Send, accepted: boolean): Promise<void> {
  await until(`"${text}" ${accepted ? "at the server" : "submitted"}`, async () => {
    const { submissions } = await ledger(service);
    const one = submissions.find(({ hash }) => hash === createHash("sha256").update(text).digest("hex"));
    return one && one.accepted === Number(accepted) ? true : undefined;
  });
}

const at = (place: Place) => () => place;
const oneOf =
  (...places: Place[]) =>
  (round: number) =>
    places[round % places.length] as Place;

export const POINTS: Point[] = [
  { name: "before typing", hold: at("before_typing"), act: async (send) => void (await die(send)) },
  { name: "while typing", hold: at("typing"), act: async (send) => void (await die(send)) },
  { name: "composed", hold: at("composed"), act: async (send) => void (await die(send)) },
  { name: "after the intent commit", hold: at("intended"), act: async (send) => void (await die(send)) },
  { name: "between key down and key up", hold: at("enter_down"), act: async (send) => void (await die(send)) },
  {
    // The page takes the press, empties its composer and forgets it.
    name: "after the press, before the page's submit",
    hold: at("pressed"),
    before: ({ service }) => disturb(service, { swallow: true }),
    act: async (send) => {
      if ((await die(send)) === "database") await disturb(send.service, { reload: true });
    },
  },
  {
    name: "before the server accepts",
    hold: at("pressed"),
    before: ({ service }) => trouble(service, { send_never_delivered: true }),
    act: async (send) => {
      await submitted(send, false);
      const dead = await die(send);
      await trouble(send.service, {});
      // A page that lives hands in again what the server never answered.
      if (dead === "database") await disturb(send.service, { cut: true });
    },
  },
  {
    name: "after the accept, before the bubble",
    hold: at("pressed"),
    act: async (send) => {
      await submitted(send, true);
      await die(send);
    },
  },
  {
    name: "after the bubble, before the commit of sent",
    hold: at("bubble"),
    act: async (send) => void (await die(send)),
  },
  {
    name: "commit outcome unknown",
    hold: oneOf("intending", "binding"),
    act: async ({ service, round }) => {
      if (round % 3 === 2) await FAULTS.database(service);
      else killBackends(service);
    },
  },
  {
    name: "double tab",
    hold: oneOf("composed", "enter_down", "pressed"),
    act: async ({ service, account, holds, round, fate }) => {
      await disturb(service, { screen: "conflict" });
      holds.release(oneOf("composed", "enter_down", "pressed")(round));
      // A page whose browser has just died takes the session back by itself.
      await until("the other tab noticed, or overcome", async () => {
        const { state } = await account.get<{ state: string }>("/api/status/state");
        return state === "conflict" || fate()?.state === "sent" || undefined;
      });
      await disturb(service, { reload: true });
    },
  },
  {
    // WhatsApp's own queue: lost with its page, or handed in when the network is back.
    name: "offline queue",
    hold: at("intended"),
    act: async (send) => {
      const { service, holds, round } = send;
      await disturb(service, { offline: true });
      holds.put("pressed");
      holds.release("intended");
      await holds.reached("pressed");
      if (round % 3 === 2) await disturb(service, { offline: false });
      else await die(send);
    },
  },
  {
    name: "page reloaded",
    hold: oneOf("composed", "enter_down", "pressed"),
    act: ({ service }) => disturb(service, { reload: true }),
  },
  {
    name: "database gone",
    hold: oneOf("typing", "intended", "bubble"),
    act: async ({ service, holds, round }) => {
      const gone = FAULTS.database(service);
      holds.release(oneOf("typing", "intended", "bubble")(round));
      await gone;
    },
  },
];
