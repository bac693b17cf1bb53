//! A Chromium with the page in it, served by Vite with the in-page server.
import { type Browser, chromium, type Page } from 'playwright-core'
import { createServer, type ViteDevServer } from 'vite'

const AGENT = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36'

export interface Stage {
  open(mode: string, options?: { hidden?: boolean; agent?: string }): Promise<Page>
  close(): Promise<void>
}

/** Starts both; `open` gives a fresh profile each time. */
export async function stage(): Promise<Stage> {
  const server: ViteDevServer = await createServer({ root: new URL('..', import.meta.url).pathname, logLevel: 'error', server: { host: '127.0.0.1', port: 0, hmr: false, watch: null } })
  await server.listen()
  const base = server.resolvedUrls?.local[0] ?? ''
  const browser: Browser = await chromium.launch({ executablePath: process.env['QUEUNIR_CHROMIUM'] ?? '/usr/bin/chromium' })
  return {
    async open(mode, options = {}) {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 800 },
        userAgent: options.agent ?? AGENT,
        timezoneId: 'America/Sao_Paulo',
      })
      const page = await context.newPage()
      page.on('pageerror', (error) => {
        throw error
      })
      if (options.hidden) await page.addInitScript(() => Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' }))
      await page.goto(`${base}?fake=${mode}`)
      return page
    },
    async close() {
      await browser.close()
      await server.close()
    },
  }
}

/** Opens a chat by a real click on its cell frame. */
export async function openChat(page: Page, title: string): Promise<void> {
  await page.locator(`#pane-side [data-testid="cell-frame-container"]:has(span[title="${title}"])`).click()
  await page.locator(`#main [data-testid="conversation-info-header-chat-title"][title="${title}"]`).waitFor()
}
