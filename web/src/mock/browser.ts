// Puts the mock server in the place of the network: `fetch` and `EventSource`.
import type { ServerEvent } from "#/api/types";
import type { Scene } from "#/mock/scenes";
import { MockServer } from "#/mock/server";

const latencyMs = 60;

class MockEventSource extends EventTarget {
  static server: MockServer;
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static readonly CLOSED = 2;
  readyState = 0;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  private leave: (() => void) | undefined;

  constructor(_url: string) {
    super();
    setTimeout(() => {
      if (this.readyState === MockEventSource.CLOSED) return;
      this.readyState = MockEventSource.OPEN;
      this.onopen?.();
      this.leave = MockEventSource.server.connect((event: ServerEvent, id) =>
        this.dispatchEvent(
          new MessageEvent(event.type, { data: JSON.stringify(event), lastEventId: id === null ? "" : String(id) }),
        ),
      );
    }, latencyMs);
  }

  close(): void {
    this.readyState = MockEventSource.CLOSED;
    this.leave?.();
  }
}

/** Starts the scene named in the address (`?scene=inbox`), remembered for this tab. */
export function startMock(): MockServer {
  const asked = new URL(location.href).searchParams.get("scene");
  if (asked) sessionStorage.setItem("mock.scene", asked);
  const scene = (sessionStorage.getItem("mock.scene") ?? "inbox") as Scene;
  const server = new MockServer(scene);
  MockEventSource.server = server;
  globalThis.fetch = async (input, init) => {
    await new Promise((resolve) => setTimeout(resolve, latencyMs));
    const url = new URL(String(input), location.href);
    const body: unknown = typeof init?.body === "string" ? JSON.parse(init.body) : null;
    const answer = server.answer(init?.method ?? "GET", url, new Headers(init?.headers), body);
    return new Response(answer.body === undefined ? null : JSON.stringify(answer.body), {
      status: answer.status,
      headers: { "content-type": "application/json", ...answer.headers },
    });
  };
  Object.assign(globalThis, { EventSource: MockEventSource, mock: server });
  return server;
}
