//! A Chromium with the page in it, served by Vite with the in-page server.
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { createServer, type ViteDevServer } from "vite";

const AGENT =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";

export interface Stage {
  open(mode: string, options?: { hidden?: boolean; agent?: string }): Promise<Page>;
  close(): Promise<void>;
}

/** Starts both; `open` gives a fresh page each time. */
export async function stage(): Promise<Stage> {
  const server: ViteDevServer = await createServer({
    root: new URL("..", import.meta.url).pathname,
    logLevel: "error",
    server: { host: "127.0.0.1", port: 0, hmr: false, watch: null },
  });
  await server.listen();
  const base = server.resolvedUrls?.local[0] ?? "";
  const browser: Browser = await chromium.launch({
    executablePath: process.env.QUEUNIR_CHROMIUM ?? "/usr/bin/chromium",
  });
  const shared = new Map<string, BrowserContext>();
  const contextFor = async (agent: string): Promise<BrowserContext> => {
    const context =
      shared.get(agent) ??
      (await browser.newContext({
        viewport: { width: 1280, height: 800 },
        userAgent: agent,
        timezoneId: "America/Sao_Paulo",
      }));
    shared.set(agent, context);
    return context;
  };
  return {
    async open(mode, options = {}) {
      const page = await (await contextFor(options.agent ?? AGENT)).newPage();
      page.on("pageerror", (error) => {
        throw error;
      });
      if (options.hidden) await page.addInitScript(hide);
      await page.goto(`${base}?fake=${mode}`);
      return page;
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

/** Makes the document say that it is hidden until the event `become-visible`. */
function hide(): void {
  let state = "hidden";
  Object.defineProperty(document, "visibilityState", { get: () => state });
  document.addEventListener("become-visible", () => {
    state = "visible";
    document.dispatchEvent(new Event("visibilitychange"));
  });
}

/** Opens a chat by a real click on its cell frame. */
export async function openChat(page: Page, title: string): Promise<void> {
  await page.locator(`#pane-side [data-testid="cell-frame-container"]:has(span[title="${title}"])`).click();
  await page.locator(`#main [data-testid="conversation-info-header-chat-title"][title="${title}"]`).waitFor();
}
