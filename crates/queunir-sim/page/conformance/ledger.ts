// What truly happened, as the simulator's ledger tells it.
import type { Stage } from "./stage.ts";

export interface Told {
  key: string;
  at: number;
  text: string;
  kind: string;
  direction: string;
  acks?: { ack: string }[];
  seen_at?: number;
  temp_id?: string;
  media?: { bytes: number; hash?: string }[];
  quotes?: string;
  reactions?: { who: string; emoji: string }[];
  edited_at?: number[];
  deleted_at?: number;
  removed_at?: number;
  starred?: boolean;
  pinned?: { who: string; at: number; until: number };
  forwarded?: number;
}

export interface Chat {
  id: string;
  title: string;
  phone: string | null;
  unread: number;
  messages: Told[];
}

export interface Act {
  act: string;
  chat?: string;
  dialog?: string;
  button?: string;
  accepted?: boolean;
  key?: string;
  to?: string;
  quotes?: string;
  what?: { do: string } & Record<string, unknown>;
  outcome?: string;
}

interface Account {
  id: string;
  devices: string[];
  chats: Chat[];
  acts: Act[];
  submissions: { title: string; count: number; accepted: number }[];
}

/** The ledger of one account, asked anew each time. */
export class Truth {
  private readonly stage: Stage;
  private readonly id: string;

  constructor(stage: Stage, id = "conf") {
    this.stage = stage;
    this.id = id;
  }

  async account(): Promise<Account> {
    const { accounts } = await this.stage.get<{ accounts: Account[] }>(`ledger?account=${this.id}`);
    if (!accounts[0]) throw new Error(`the ledger has no account ${this.id}`);
    return accounts[0];
  }

  /** The chats of this title. */
  async chats(title: string): Promise<Chat[]> {
    return (await this.account()).chats.filter((chat) => chat.title === title);
  }

  /** All messages of the chats of this title. */
  async messages(title: string): Promise<Told[]> {
    return (await this.chats(title)).flatMap(({ messages }) => messages);
  }

  /** Messages of a chat with exactly these words. */
  async said(title: string, text: string): Promise<Told[]> {
    return (await this.messages(title)).filter((message) => message.text === text);
  }

  /** The delivery state that a message of ours has truly reached. */
  async reached(title: string, text: string): Promise<string | undefined> {
    return (await this.said(title, text))[0]?.acks?.at(-1)?.ack;
  }

  /** Acts of one kind, oldest first. */
  async acts(kind: string): Promise<Act[]> {
    return (await this.account()).acts.filter(({ act }) => act === kind);
  }
}
