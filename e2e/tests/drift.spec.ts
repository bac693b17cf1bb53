// WhatsApp redraws its page in a way that nobody has seen, while an account is linked and messages come and go: what is
// dead is named within 90 s, nothing is lost, doubled or invented, and a profile dropped in place heals it.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { type Account, until } from "../account.ts";
import { openApp } from "../browser.ts";
import { kill, type Service } from "../service.ts";
import { linked, Traffic } from "../traffic.ts";

interface Reader {
  state: string;
  since: string;
  dead: string[];
  unreadable: string[];
}

/** The look of the simulator's seed 1, as somebody would write it down who has looked at the page. */
const PROFILE = {
  version: 1,
  generation: "seed-1",
  detect: ["[data-icon='sym-1jh6ge']"],
  fields: {
    "row.bubble": [["stamp", "div:has(> [data-pre-plain-text])"]],
    "row.meta": [["stamp", "[data-pre-plain-text] + div"]],
  },
  icons: {
    "sym-1jh6ge": "default-contact",
    "sym-1errb7x": "wds-ic-delivered",
    "sym-1v2t883": "wds-ic-read",
    "sym-dxxut0": "tail-out",
    "sym-3c5jnz": "tail-in",
  },
};

test("a page drawn in an unknown way is told, read as far as it goes, and healed by a profile", async ({ browser }) => {
  test.setTimeout(420_000);
  const { service, account } = await linked();
  try {
    const page = await openApp(browser, account);
    const told = page.getByRole("status").getByText("Queunir cannot read part of WhatsApp's page");
    const traffic = await Traffic.start(service, account);
    await until("traffic", async () => (traffic.accepted.length > 2 ? true : undefined));
    expect(await reader(account), "the known page").toBeUndefined();

    const switched = Date.now();
    await redraw(service, "unknown:1");
    const trouble = await until("an alarm", () => reader(account), 90);
    const seconds = (Date.now() - switched) / 1000;
    console.log(`alarm after ${seconds.toFixed(1)} s: ${trouble.dead.join(", ")}; ${trouble.unreadable.join(", ")}`);
    expect(seconds).toBeLessThan(90);
    const named = await until("the dead anchors of list and conversation", async () => {
      const now = await reader(account);
      return now?.dead.includes("list.title:testid") && now.dead.includes("row.bubble:testid") ? now : undefined;
    });
    expect(named.state).toBe("degraded");
    await expect(told).toBeVisible();
    await until("the operator's remark", async () =>
      remarks(service).includes("list.title:testid") ? true : undefined,
    );

    // Messages came and went all the time; everything that can be read is read, and nothing else.
    const count = traffic.accepted.length;
    await until("traffic in the new look", async () => (traffic.accepted.length > count + 3 ? true : undefined));

    const folder = join(service.state, "reader-profiles");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "seed-1.json"), JSON.stringify(PROFILE));
    let left: Reader | undefined;
    const healed = async () => {
      left = await reader(account);
      return left === undefined ? true : undefined;
    };
    await until("the end of the alarm", healed, 90).catch((error: unknown) => {
      throw new Error(`${error}: ${JSON.stringify(left)}\n${remarks(service).slice(-3000)}`);
    });
    await expect(told).toBeHidden();
    await traffic.end();
    await traffic.settled();
  } finally {
    await service.remove();
  }
});

/** What the slice says of its reader; undefined when it says that all is well. */
async function reader(account: Account): Promise<Reader | undefined> {
  const link = await account.get<{ state: string; reader?: Reader }>("/api/status/state");
  return link.reader;
}

/** Another look from the next document on; a new browser loads it at once. */
async function redraw(service: Service, generation: string): Promise<void> {
  const answer = await fetch(`${service.simulator}/_sim/look`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ generation, stranger_card: true }),
  });
  if (!answer.ok) throw new Error(`look: ${answer.status} ${await answer.text()}`);
  for (const pid of service.processesMatching(/^(?!.*--type=).*chromium.*--user-data-dir/)) kill(pid);
}

/** The log of the slice. */
function remarks(service: Service): string {
  return readFileSync(join(service.state, "slices/1/slice.log"), "utf8");
}
