// One way to ask the server: JSON in, JSON out, every failure a `Problem`.
import { Problem } from "#/api/errors";
import { learnServerTime } from "#/lib/clock";

type Method = "GET" | "POST" | "PUT" | "DELETE";

interface Options {
  body?: unknown;
  idempotencyKey?: string;
  signal?: AbortSignal;
  /** Lets the request outlive the page. */
  keepalive?: boolean;
}

/** Where a conversation, a file and an outgoing message live. */
export const chatPath = (chatId: string): `/${string}` => `/api/chats/${encodeURIComponent(chatId)}`;
export const mediaPath = (mediaId: string): `/${string}` => `/api/media/${encodeURIComponent(mediaId)}`;
export const messagePath = (messageId: string): `/${string}` => `/api/messages/${encodeURIComponent(messageId)}`;
export const actPath = (actId: string): `/${string}` => `/api/acts/${encodeURIComponent(actId)}`;
export const outgoingPath = (outgoingId: string): `/${string}` => `/api/outgoing/${encodeURIComponent(outgoingId)}`;

async function ask(method: Method, path: `/${string}`, options: Options): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (method !== "GET") headers["x-qn"] = "1";
  if (options.body !== undefined) headers["content-type"] = "application/json";
  if (options.idempotencyKey) headers["idempotency-key"] = options.idempotencyKey;
  const request: RequestInit = { method, headers, credentials: "same-origin", keepalive: options.keepalive ?? false };
  if (options.body !== undefined) request.body = JSON.stringify(options.body);
  if (options.signal) request.signal = options.signal;
  try {
    const response = await fetch(path, request);
    learnServerTime(response.headers.get("date"), Date.now());
    return response;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem("offline", 0);
  }
}

function textFields(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === "string"),
  );
}

async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  return problemFrom(response.status, response.headers.get("retry-after"), body);
}

/** What an answer says that is no success. */
export function problemFrom(status: number, retryAfter: string | null, body: unknown): Problem {
  const retry = Number.parseInt(retryAfter ?? "", 10);
  const retryAfterS = Number.isNaN(retry) ? null : retry;
  const told = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const code = typeof told.code === "string" ? told.code : codeOfStatus(status);
  return new Problem(
    code,
    status,
    retryAfterS,
    textFields(told.fields),
    typeof told.queue === "object" && told.queue !== null,
  );
}

function codeOfStatus(status: number): string {
  if (status === 401) return "unauthenticated";
  if (status === 403) return "forbidden";
  if (status === 404) return "not_found";
  if (status === 413) return "too_large";
  if (status === 429) return "throttled";
  return status === 502 || status === 503 || status === 504 ? "slice_unavailable" : "internal";
}

/** Asks and returns the body, whose shape the API description promises. */
export async function json<T>(method: Method, path: `/${string}`, options: Options = {}): Promise<T> {
  const response = await ask(method, path, options);
  if (!response.ok) throw await problemOf(response);
  try {
    return (await response.json()) as T;
  } catch {
    throw new Problem("internal", response.status);
  }
}

/** Asks and ignores the body. */
export async function done(method: Method, path: `/${string}`, options: Options = {}): Promise<void> {
  const response = await ask(method, path, options);
  if (!response.ok) throw await problemOf(response);
}
