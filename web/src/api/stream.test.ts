// The live connection: resumed, reopened, never silent about a gap.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openStream } from "#/api/stream";
import type { ServerEvent } from "#/api/types";

class FakeSource extends EventTarget {
  static all: FakeSource[] = [];
  static readonly CLOSED = 2;
  readyState = 1;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  constructor(readonly url: string) {
    super();
    FakeSource.all.push(this);
  }
  say(name: string, data: string, lastEventId = ""): void {
    this.dispatchEvent(new MessageEvent(name, { data, lastEventId }));
  }
  break(closed: boolean): void {
    this.readyState = closed ? 2 : 0;
    this.onerror?.();
  }
  close(): void {
    this.readyState = 2;
  }
}

const latest = (): FakeSource => {
  const source = FakeSource.all.at(-1);
  if (!source) throw new Error("no stream was opened");
  return source;
};

let events: ServerEvent[] = [];
let opened: boolean[] = [];
let states: string[] = [];
let close: () => void = () => undefined;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", FakeSource);
  FakeSource.all = [];
  events = [];
  opened = [];
  states = [];
  close = openStream("/api/events", {
    event: (event) => void events.push(event),
    opened: (resumed) => void opened.push(resumed),
    state: (state) => void states.push(state),
  });
});
afterEach(() => {
  close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the stream", () => {
  it("asks for everything on the first open, and not after the browser resumed by number", () => {
    latest().onopen?.();
    latest().say("outgoing.updated", '{"type":"outgoing.updated","outgoing":{}}', "7");
    latest().break(false);
    latest().onopen?.();
    expect(opened).toEqual([false, true]);
    expect(states).toEqual(["connecting", "open", "lost", "open"]);
  });

  it("asks again when the slice speaks up before any number was seen", () => {
    latest().onopen?.();
    latest().say("link", '{"type":"link","link":{"state":"linked"}}');
    expect(opened).toEqual([false, false]);
  });

  it("opens anew with growing patience when the browser gave up", () => {
    latest().break(true);
    vi.advanceTimersByTime(1_000);
    expect(FakeSource.all).toHaveLength(2);
    latest().break(true);
    vi.advanceTimersByTime(1_000);
    expect(FakeSource.all).toHaveLength(2);
    vi.advanceTimersByTime(1_000);
    expect(FakeSource.all).toHaveLength(3);
  });

  it("counts as lost without a network, and opens anew when there is one, whatever the old connection says", () => {
    latest().onopen?.();
    globalThis.dispatchEvent(new Event("offline"));
    expect(states.at(-1)).toBe("lost");
    globalThis.dispatchEvent(new Event("online"));
    expect(FakeSource.all.map((one) => one.readyState)).toEqual([2, 1]);
    latest().onopen?.();
    expect(states.at(-1)).toBe("open");
    expect(opened).toEqual([false, false]);
  });

  it("ignores what it cannot read and is quiet once closed", () => {
    latest().say("link", "{broken");
    close();
    latest().say("slice", '{"type":"slice","slice":{}}');
    expect(events).toEqual([]);
  });
});
