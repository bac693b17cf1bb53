// The simulator and a Chromium that is linked to it; nothing of Queunir is part of this.
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from "playwright-core";

export const AGENT =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
const ACCOUNT = "conf";
/** So often a person presses before something is wrong. */
const PRESSES = 5;
const folder = process.env.QN_TEST_BIN ?? fileURLToPath(new URL("../../../../target/debug", import.meta.url));
export const EXECUTABLE = `${folder}/queunir-sim`;
export const CHROMIUM = process.env.QUEUNIR_CHROMIUM ?? "/usr/bin/chromium";

/** A picture of two by two points. */
export const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFklEQVR4nGP8z8DAwMDAxMDAwMDAAAANHQEDasKb6QAAAABJRU5ErkJggg==",
  "base64",
);

export interface Looks {
  locale?: string;
  zone?: string;
  agent?: string;
  /** More of the query, such as `generation=g2`. */
  query?: string;
  path?: string;
  /** What another profile had stored. */
  storageState?: Awaited<ReturnType<BrowserContext["storageState"]>>;
}

/** One simulator with one browser; every `page` is a device of its own. */
export class Stage {
  readonly base: string;
  private readonly server: ChildProcess;
  private readonly browser: Browser;
  private readonly devices = new Map<string, BrowserContext>();
  private marks = 0;

  private constructor(server: ChildProcess, base: string, browser: Browser) {
    this.server = server;
    this.base = base;
    this.browser = browser;
  }

  /** Starts with the account of these tests, or with another scenario: a built-in one or a file. */
  static async start(builtIn?: string): Promise<Stage> {
    const scenario = builtIn ?? fileURLToPath(new URL("world.toml", import.meta.url));
    const server = spawn(EXECUTABLE, ["--listen", "127.0.0.1:0", "--scenario", scenario, "--speed", "8"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    const base = await address(server);
    const browser = await chromium.launch({ executablePath: CHROMIUM });
    return new Stage(server, base, browser);
  }

  async end(): Promise<void> {
    await this.browser.close();
    this.server.kill("SIGTERM");
  }

  /** A page that nobody has linked yet. */
  async unlinked(looks: Looks = {}): Promise<Page> {
    const page = await (await this.context(looks)).newPage();
    await page.goto(this.address(looks));
    return page;
  }

  /** A page of a linked device that shows its chats; the same looks get the same device. */
  async linked(looks: Looks = {}): Promise<Page> {
    const name = `${looks.zone ?? ""}|${looks.agent ?? ""}`;
    const known = this.devices.get(name);
    if (known) {
      const page = await known.newPage();
      await page.goto(this.address(looks));
      await page.locator("#pane-side").waitFor();
      return page;
    }
    const context = await this.context(looks);
    const page = await context.newPage();
    await page.goto(this.address(looks));
    await this.scan(page);
    await page.locator("#pane-side").waitFor();
    this.devices.set(name, context);
    return page;
  }

  /** A page in a copy of another page's profile. */
  async copied(page: Page): Promise<Page> {
    const storageState = await page.context().storageState({ indexedDB: true });
    const copy = await (await this.context({ storageState })).newPage();
    await copy.goto(this.address({}));
    return copy;
  }

  /** The demo phone, so wide. */
  async phone(width: number): Promise<Page> {
    const page = await (await this.browser.newContext({ viewport: { width, height: 860 } })).newPage();
    await page.goto(`${this.base}/phone`);
    await page.locator("#people button").first().waitFor();
    return page;
  }

  /** The phone scans the code that a page shows. */
  async scan(page: Page): Promise<void> {
    const code = await page.locator("[data-ref]").getAttribute("data-ref");
    await this.post("scan", { code });
  }

  async post(path: string, body: unknown): Promise<{ key: string } & Record<string, unknown>> {
    const response = await fetch(`${this.base}/_sim/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (response.status === 204 ? {} : await response.json()) as { key: string };
  }

  async get<T>(path: string): Promise<T> {
    return (await (await fetch(`${this.base}/_sim/${path}`)).json()) as T;
  }

  /** A customer writes; gives the key. */
  async write(chat: string, text: string, more: object = {}): Promise<string> {
    return (await this.post(`accounts/${ACCOUNT}/incoming`, { chat, text, ...more })).key;
  }

  /** Something happens to a message. */
  async happen(chat: string, key: string, what: object): Promise<void> {
    await this.post(`accounts/${ACCOUNT}/chats/${encodeURIComponent(chat)}/messages/${key}`, what);
  }

  /** Something happens to a chat. */
  async toChat(chat: string, what: object): Promise<void> {
    await this.post(`accounts/${ACCOUNT}/chats/${encodeURIComponent(chat)}`, what);
  }

  /** Waits until linked pages have taken in everything that the server said before. */
  async heard(...pages: Page[]): Promise<void> {
    this.marks += 1;
    const id = `mark-${this.marks}`;
    await this.post("disturb", { banner: { id, title: "Nothing new", body: "Only a mark" } });
    for (const page of pages) await page.locator(`[data-testid="chat-butterbar-${id}"]`).waitFor();
  }

  private address({ locale = "en", query = "", path = "/" }: Looks): string {
    const fault = process.env.SIM_FAULT ? `&fault=${process.env.SIM_FAULT}` : "";
    return `${this.base}${path}${path.includes("?") ? "&" : "?"}locale=${locale}${query ? `&${query}` : ""}${fault}`;
  }

  /** A fresh profile; the bundle comes from the disk, whatever the server has inside. */
  private async context({ zone = "America/Sao_Paulo", agent = AGENT, storageState }: Looks): Promise<BrowserContext> {
    const shape = { viewport: { width: 1280, height: 800 }, userAgent: agent, timezoneId: zone };
    const context = await this.browser.newContext(storageState ? { ...shape, storageState } : shape);
    await context.route("**/assets/*", (route) => {
      const name = new URL(route.request().url()).pathname.split("/").pop() ?? "";
      return route.fulfill({ path: fileURLToPath(new URL(`../dist/${name}`, import.meta.url)) });
    });
    return context;
  }
}

/** Where a simulator listens, read from its log. */
export async function address(server: ChildProcess): Promise<string> {
  if (!server.stderr) throw new Error("the simulator has no output");
  for await (const line of createInterface({ input: server.stderr })) {
    // Colours of the log are taken out first.
    const found = /address=(127\.0\.0\.1:\d+)/.exec(line.replace(/\p{Cc}\[[\d;]*m/gu, ""));
    if (found) return `http://${found[1]}`;
  }
  throw new Error("the simulator did not say where it listens");
}

/** The row of a chat in the list. */
export function chatRow(page: Page, title: string): Locator {
  return page.locator("#pane-side [role=row]").filter({ has: page.locator(`[title="${title}"]`) });
}

/** Clicks on the cell of a chat. */
export function pressChat(page: Page, title: string): Promise<void> {
  return pressRow(chatRow(page, title).locator('[role="gridcell"]').first());
}

/** Clicks on what stands in a list; one that was scrolled to it takes no clicks at first. */
export async function pressRow(row: Locator): Promise<void> {
  await row.scrollIntoViewIfNeeded();
  await row.evaluate(
    (node) =>
      new Promise<void>((resolve) => {
        const look = (): void => {
          if (getComputedStyle(node).pointerEvents === "none") requestAnimationFrame(look);
          else resolve();
        };
        // The event of a scroll comes with the next frame.
        requestAnimationFrame(() => requestAnimationFrame(look));
      }),
  );
  await row.click();
}

/** Opens a chat by a click on its cell; a page that is still drawing may lose a click, and a person clicks again. */
export async function openChat(page: Page, title: string): Promise<void> {
  const header = page.locator(`#main [data-testid="conversation-info-header-chat-title"][title="${title}"]`);
  await pressAgain(() => pressChat(page, title), header);
}

/** Presses until it shows, each time with some seconds to show. */
export async function pressAgain(press: () => Promise<void>, shows: Locator): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    await press();
    try {
      return await shows.waitFor({ timeout: 3_000 });
    } catch (error) {
      if (tries === PRESSES) throw error;
    }
  }
}

/** The node with the key of the last row. */
export const LAST_ROW = '#main [data-tab="8"] > [role="row"]:last-child > [data-id]';

/** The node with the key of the row that shows these words. */
export function said(page: Page, words: string | RegExp): Locator {
  return page.locator('#main [data-testid^="conv-msg-"]').filter({ hasText: words }).last();
}

/** The rows' nodes that hold something. */
export function holding(page: Page, selector: string): Locator {
  return page.locator('#main [data-testid^="conv-msg-"]').filter({ has: page.locator(selector) });
}

/** Day, month, year and weekday so many days ago, where the account lives. */
export function daysAgo(days: number): { day: number; month: number; year: number; weekday: string } {
  const at = Date.now() - days * 86_400_000;
  const timeZone = "America/Sao_Paulo";
  const part = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat("en-US", { ...options, timeZone }).format(at);
  return {
    day: Number(part({ day: "numeric" })),
    month: Number(part({ month: "numeric" })),
    year: Number(part({ year: "numeric" })),
    weekday: part({ weekday: "long" }),
  };
}
