// Failures in words.
import { afterEach, describe, expect, it, vi } from "vitest";
import { json } from "#/api/client";
import { Problem, problemWords } from "#/api/errors";

const say = (id: string, values?: Record<string, string | number>): string =>
  values ? `${id} ${JSON.stringify(values)}` : id;

function answering(status: number, body: string, headers: Record<string, string> = {}): void {
  vi.stubGlobal("fetch", async () => new Response(body, { status, headers }));
}

afterEach(() => vi.unstubAllGlobals());

async function failure(): Promise<unknown> {
  return json("POST", "/auth/login", { body: {} }).catch((error: unknown) => error);
}

describe("a failed request", () => {
  it("keeps the server's code, fields and waiting time", async () => {
    answering(422, JSON.stringify({ code: "invalid", fields: { email: "invalid", odd: 3 } }), { "retry-after": "7" });
    expect(await failure()).toMatchObject({
      code: "invalid",
      status: 422,
      retryAfterS: 7,
      fields: { email: "invalid" },
    });
  });

  it("says how many seconds to wait", () => {
    expect(problemWords(say, new Problem("throttled", 429, 42))).toBe('problem.throttled_seconds {"seconds":42}');
    expect(problemWords(say, new Problem("throttled", 429))).toBe("problem.throttled");
  });

  it("never shows a stranger's words", async () => {
    answering(502, "<html>Bad gateway: upstream 10.0.0.3</html>");
    expect(problemWords(say, await failure())).toBe("problem.slice_unavailable");
    answering(500, "not json");
    expect(problemWords(say, await failure())).toBe("problem.internal");
    expect(problemWords(say, new TypeError("x is undefined"))).toBe("problem.internal");
  });

  it("is offline when there was no answer at all", async () => {
    vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("network")));
    expect(problemWords(say, await failure())).toBe("problem.offline");
  });

  it("marks every unsafe request and no reading one", async () => {
    const seen: (string | null)[] = [];
    vi.stubGlobal("fetch", async (_path: string, init: RequestInit) => {
      seen.push(new Headers(init.headers).get("x-qn"));
      return new Response("{}");
    });
    await json("POST", "/api/connect", { body: {} });
    await json("GET", "/api/connection");
    expect(seen).toEqual(["1", null]);
  });
});
