// The table of architecture 6.9 as examples.
import { describe, expect, it } from "vitest";
import type { Link, PageState, Phase, SliceView, StopReason } from "#/api/types";
import { codeLeft, pillWord, shownPhase, waitingShare, waitingStep } from "#/features/linking/phase";

const at = (second: number): string => new Date(Date.UTC(2026, 10, 21, 12, 0, second)).toISOString();
const slice = (phase: Phase | null, more: Partial<SliceView> = {}): SliceView => ({
  desired: "linked",
  phase,
  ...more,
});
const link = (state: PageState, more: Partial<Link> = {}): Link => ({
  state,
  condition: "disconnected",
  condition_since: at(10),
  chats_found: 0,
  first_list_complete: false,
  since: at(10),
  ...more,
});
const code = { value: "2@abc", number: 2, of: 6, shown_at: at(0), expires_at: at(20) };

describe("the shown phase", () => {
  it("is unknown before the first snapshot and setup without a slice", () => {
    expect(shownPhase(null, null).name).toBe("unknown");
    expect(shownPhase({}, null)).toEqual({ name: "setup", notice: null });
  });

  it("asks a person who alone can decide", () => {
    const question = { before: "+551", now: "+552", chats: 3 };
    expect(shownPhase(slice("degraded"), link("other_account", { account: question }))).toEqual({
      name: "other_account",
      question,
    });
    expect(shownPhase(slice("degraded"), link("conflict"))).toEqual({ name: "refused", reason: "conflict" });
    expect(shownPhase(slice("degraded"), link("conflict", { first_list_complete: true })).name).toBe("unsure");
    const repair = { attempts: 3, since: at(1), needs_person: true };
    expect(shownPhase(slice("degraded"), link("starting", { repair })).name).toBe("stuck");
    expect(shownPhase(slice("degraded"), link("starting", { repair: { ...repair, needs_person: false } })).name).toBe(
      "provisioning",
    );
  });

  it("waits in the queue instead of starting, and only then", () => {
    const queue = { position: 3, seconds: 40 };
    expect(shownPhase(slice("requested", { queue }), null)).toEqual({
      name: "waiting",
      place: queue,
      returning: false,
    });
    const back = link("no_browser", { first_list_complete: true });
    expect(shownPhase(slice("service", { queue }), back)).toEqual({ name: "waiting", place: queue, returning: true });
    expect(shownPhase(slice("linked", { queue }), link("linked", { first_list_complete: true })).name).toBe("ready");
    expect(pillWord({ name: "waiting", place: queue, returning: true }, true)).toBe("CONNECTING");
  });

  it("says that an account is being deleted", () => {
    expect(shownPhase(slice("deleting", { desired: "deleted" }), null)).toEqual({ name: "setup", notice: "deleting" });
  });

  it("follows a link by phone number through the screens on its way", () => {
    const pairing = { step: "typing", number: 0 } as const;
    expect(shownPhase(slice("qr"), link("qr", { qr: code, pairing })).name).toBe("pairing");
    expect(shownPhase(slice("qr"), link("pairing", { pairing })).name).toBe("pairing");
    expect(shownPhase(slice("linked"), link("syncing", { pairing })).name).toBe("loading");
  });

  it("shows what is being erased, and afterwards that it is", () => {
    const going = link("no_browser", { parting: { kind: "wipe", done: ["credentials"] } });
    expect(shownPhase(slice("service"), going).name).toBe("parting");
    const over = link("no_browser", {
      stop_reason: "user",
      parting: { kind: "wipe", done: ["credentials", "messages", "files"], ended_at: at(20) },
    });
    expect(shownPhase(slice("service", { desired: "service" }), over)).toEqual({ name: "setup", notice: "wiped" });
  });

  it.each<[Phase]>([["requested"], ["provisioning"], ["starting"]])("is provisioning while %s", (phase) => {
    expect(shownPhase(slice(phase, { wanted_at: at(1) }), null).name).toBe("provisioning");
  });

  it.each<[StopReason | undefined, string]>([
    ["user", "setup"],
    ["logged_out", "setup"],
    ["qr_timeout", "qr_timeout"],
    ["idle", "paused"],
    ["billing", "paused"],
    ["admin", "paused"],
    ["drain", "paused"],
  ])("after a stop for %s is %s", (stop_reason, name) => {
    expect(shownPhase(slice("stopped", { desired: "stopped", stop_reason }), null).name).toBe(name);
    expect(shownPhase(slice("service", { desired: "service", stop_reason }), link("no_browser")).name).toBe(name);
  });

  it("forgets the reason of a stop once Connect was pressed after it", () => {
    const again = slice("stopped", { stop_reason: "qr_timeout", phase_since: at(5), wanted_at: at(6) });
    expect(shownPhase(again, null).name).toBe("provisioning");
    const before = slice("stopped", { stop_reason: "qr_timeout", phase_since: at(5), wanted_at: at(1) });
    expect(shownPhase(before, null).name).toBe("qr_timeout");
  });

  it("knows a code that is there because the phone removed the device", () => {
    const known = { was_linked: true };
    expect(shownPhase(slice("qr"), link("qr", { qr: code, ...known }))).toMatchObject({ name: "qr", removed: true });
    expect(shownPhase(slice("qr"), link("qr_timeout", known))).toEqual({ name: "qr_timeout", removed: true });
  });

  it("follows the slice's own page while it runs, even ahead of the orchestrator", () => {
    expect(shownPhase(slice("starting", { phase_since: at(5) }), link("qr", { qr: code }))).toEqual({
      name: "qr",
      code,
      removed: false,
    });
    expect(shownPhase(slice("qr"), link("qr_timeout")).name).toBe("qr_timeout");
    expect(shownPhase(slice("qr"), link("syncing", { sync_percent: 40, chats_found: 3 }))).toMatchObject({
      name: "loading",
      found: 3,
      percent: 40,
    });
    expect(shownPhase(slice("linked"), link("linked")).name).toBe("loading");
    expect(shownPhase(slice("linked"), link("linked", { first_list_complete: true })).name).toBe("ready");
  });

  it("does not believe a link of the start before", () => {
    const restarted = slice("starting", { phase_since: at(30) });
    expect(shownPhase(restarted, link("linked", { first_list_complete: true, since: at(2) }))).toMatchObject({
      name: "provisioning",
      returning: true,
    });
  });

  it.each<[PageState]>([["unknown"], ["offline"], ["conflict"]])("is unsure when a linked page turns %s", (state) => {
    const shown = shownPhase(slice("degraded"), link(state, { first_list_complete: true, certain_until: at(7) }));
    expect(shown).toEqual({ name: "unsure", since: Date.parse(at(7)), reason: state });
    expect(pillWord(shown, true)).toBe("UNSURE");
  });

  it("pauses with a reason after giving up", () => {
    expect(shownPhase(slice("failed"), null)).toEqual({ name: "paused", reason: "failed" });
  });

  it("shows what WhatsApp refuses instead of trying around it", () => {
    expect(shownPhase(slice("qr"), link("passkey_required"))).toEqual({ name: "refused", reason: "passkey_required" });
  });
});

describe("the pill", () => {
  it("says READY only over a living stream", () => {
    expect(pillWord({ name: "ready" }, true)).toBe("READY");
    expect(pillWord({ name: "ready" }, false)).toBe("UNSURE");
    expect(pillWord({ name: "ready" }, true, "database_away")).toBe("UNSURE");
    expect(pillWord({ name: "provisioning", since: null, returning: true }, true, "storage_full")).toBe("UNSURE");
    expect(pillWord({ name: "setup", notice: null }, true)).toBe("OFFLINE");
    expect(pillWord({ name: "qr", code, removed: false }, true)).toBe("CONNECTING");
  });
});

describe("waiting", () => {
  it("changes its message at 20, 45 and 90 seconds", () => {
    expect([0, 19_999, 20_000, 45_000, 90_000].map(waitingStep)).toEqual(["first", "first", "second", "third", "long"]);
  });

  it("never claims to be complete", () => {
    expect(waitingShare(0)).toBe(0);
    expect(waitingShare(600_000)).toBeLessThan(1);
  });

  it("counts the seconds of the code on screen", () => {
    expect(codeLeft(code, Date.parse(at(5)))).toEqual({ share: 0.75, seconds: 15 });
    expect(codeLeft(code, Date.parse(at(50)))).toEqual({ share: 0, seconds: 0 });
  });
});
