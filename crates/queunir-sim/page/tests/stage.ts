// A Chromium with the page in it, built with the in-page server.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { build } from "vite";

const AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";

const BOOT_PAGE = `<!DOCTYPE html><html id="whatsapp-web" lang="en" dir="ltr"><head><meta charset="utf-8">
<link rel="icon" href="data:,"><link rel="stylesheet" href="/page.css"></head>
<body><div id="wa_web_initial_startup"></div><script type="module" src="/page.js"></script></body></html>`;

export interface Stage {
  open(mode: string, options?: { hidden?: boolean; agent?: string }): Promise<Page>;
  close(): Promise<void>;
}

/** Starts both; `open` gives a fresh page each time. */
export async function stage(): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "sim-page-"));
  // A development build, so that the in-page server is part of it; one file loads faster than a hundred modules.
  await build({
    root: new URL("..", import.meta.url).pathname,
    mode: "development",
    logLevel: "error",
    build: { outDir: folder, emptyOutDir: true, minify: false },
  });
  const script = await readFile(join(folder, "page.js"));
  const style = await readFile(join(folder, "page.css"));
  await rm(folder, { recursive: true });
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://page").pathname;
    if (path === "/page.js") response.writeHead(200, { "content-type": "text/javascript" }).end(script);
    else if (path === "/page.css") response.writeHead(200, { "content-type": "text/css" }).end(style);
    else response.writeHead(200, { "content-type": "text/html" }).end(BOOT_PAGE);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const base = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/`;
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
      server.close();
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
