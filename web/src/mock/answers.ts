// How the mock server answers.
import type { Message, StoredEvent } from "#/api/types";
import type { Shop } from "#/mock/shop";

export type Answer = { status: number; body?: unknown; headers?: Record<string, string> };

export const ok = (body: unknown): Answer => ({ status: 200, body });

export const problem = (
  status: number,
  code: string,
  more: object = {},
  headers: Record<string, string> = {},
): Answer => ({
  status,
  body: { type: "about:blank", title: code, status, code, request_id: "mock", ...more },
  headers: { "content-type": "application/problem+json", ...headers },
});

export const iso = (at: number): string => new Date(at).toISOString();

/** What an area of the API has to work with. */
export interface Desk {
  shop: Shop;
  readonly now: () => number;
  /** Sends a stored event to every stream. */
  emit(event: StoredEvent): void;
  /** Stores a message with its events, and moves its chat to the top. */
  store(chatId: string, message: Pick<Message, "direction" | "text"> & Partial<Message>): Message;
}
