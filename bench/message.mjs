// Simulator submits a message to the event at the user's browser, at 5 messages a second.
// The peer is the same WhatsApp page, linked as a second device, polled once a second through puppeteer-core.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import puppeteer from "puppeteer-core";
import { Account, until } from "../e2e/account.ts";
import { ledger } from "../e2e/ledger.ts";
import { Service } from "../e2e/service.ts";
import { percentile, report } from "./report.mjs";

const MESSAGES = Number(process.env.MESSAGES ?? 150);
const PER_SECOND = 5;
const BROWSER = "/usr/bin/chromium";

const service = await Service.create({ scenario: "test" });
const seller = await chromium.launch({ executablePath: BROWSER });
const profile = mkdtempSync(join(tmpdir(), "qn-bench-"));
const poller = await puppeteer.launch({
  executablePath: BROWSER,
  userDataDir: profile,
  args: ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"],
});
try {
  const account = await Account.register(service);
  await account.link("background");
  const page = await listen(account);
  const polled = await poll();
  const { id, chats } = await ledger(service);
  const people = chats.filter((chat) => chat.kind === "contact");
  // First the chat that the seller has open, then all chats in turn.
  const open = (await account.chats()).find((chat) => chat.title === people[0].title);
  await account.call("POST", `/api/chats/${open.id}/open`, { viewer: crypto.randomUUID() });
  const inOpenChat = await submit(id, "open", () => people[0]);
  const inAllChats = await submit(id, "all", (index) => people[index % people.length]);
  const seen = await until("every message at the browser", async () => {
    const found = await page.evaluate(() => window.seen);
    return [...inOpenChat.keys(), ...inAllChats.keys()].every((text) => found.row[text]) ? found : undefined;
  });
  const times = (submitted, at) =>
    [...submitted].map(([text, start]) => (at[text] ?? Number.POSITIVE_INFINITY) - start);
  const theirs = [...inAllChats].filter(([text]) => polled.has(text)).map(([text, start]) => polled.get(text) - start);
  const first = {};
  for (const text of inAllChats.keys()) first[text] = Math.min(seen.row[text], seen.preview[text] ?? seen.row[text]);
  const figure = (name, samples, share, limit) => {
    const own = percentile(samples, share);
    return {
      name,
      ours: own,
      peer: percentile(theirs, share),
      peer_name: `polled page, puppeteer-core (${theirs.length} of ${inAllChats.size} seen)`,
      unit: "ms",
      wanted: limit ? `under ${limit}` : "stated",
      holds: limit ? own < limit : true,
    };
  };
  report("message", [
    figure("open chat, stored row, p50", times(inOpenChat, seen.row), 0.5, 300),
    figure("open chat, stored row, p99", times(inOpenChat, seen.row), 0.99, 1000),
    figure("seven chats, first event, p50", times(inAllChats, first), 0.5, 300),
    figure("seven chats, first event, p99", times(inAllChats, first), 0.99, 1000),
    figure("seven chats, stored row, p50", times(inAllChats, seen.row), 0.5),
    figure("seven chats, stored row, p99", times(inAllChats, seen.row), 0.99),
  ]);
} finally {
  await poller.close();
  await seller.close();
  rmSync(profile, { recursive: true, force: true });
  await service.remove();
}

/** Submits the messages of one round at the pace; answers when each was submitted. */
async function submit(account, round, chatOf) {
  const submitted = new Map();
  for (let index = 0; index < MESSAGES; index++) {
    const text = `bench ${round} ${index} of ${MESSAGES}`;
    submitted.set(text, Date.now());
    const answer = await fetch(`${service.simulator}/_sim/accounts/${account}/incoming`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ chat: chatOf(index).id, text }),
    });
    if (!answer.ok) throw new Error(`incoming: ${answer.status}`);
    await new Promise((resolve) => setTimeout(resolve, 1000 / PER_SECOND));
  }
  return submitted;
}

/** A seller's browser that notes when each message arrives on the live stream. */
async function listen(account) {
  const context = await seller.newContext();
  const [name, value] = account.cookie.split("=");
  await context.addCookies([{ name, value, url: service.app.replace("http:", "https:"), secure: true }]);
  const page = await context.newPage();
  await page.goto(service.app);
  await page.evaluate(() => {
    window.seen = { row: {}, preview: {} };
    const note = (event) => {
      const { message } = JSON.parse(event.data);
      window.seen.row[message.text] ??= Date.now();
    };
    const preview = (event) => {
      const { chat } = JSON.parse(event.data);
      if (chat.preview) window.seen.preview[chat.preview.text] ??= Date.now();
    };
    const stream = new EventSource("/api/events");
    stream.addEventListener("message.stored", note);
    stream.addEventListener("chat.updated", preview);
    return new Promise((resolve) => stream.addEventListener("link", resolve, { once: true }));
  });
  return page;
}

/** The peer: links the page as a second device and looks at the list's previews once a second. */
async function poll() {
  const page = await poller.newPage();
  await page.setViewport({ width: 1280, height: 900 });
  await page.setUserAgent({ userAgent: (await poller.userAgent()).replace("HeadlessChrome", "Chrome") });
  await page.goto(`${service.simulator.replace("127.0.0.1", "localhost")}/`);
  await page.waitForSelector("[data-ref] canvas");
  const [code] = await (await fetch(`${service.simulator}/_sim/codes`)).json();
  await fetch(`${service.simulator}/_sim/scan`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code: code.code }),
  });
  await page.waitForSelector("#pane-side", { timeout: 60_000 });
  const found = new Map();
  const look = async () => {
    const texts = await page.evaluate(() => document.querySelector("#pane-side")?.textContent ?? "");
    for (const [text] of texts.matchAll(/bench \w+ \d+ of \d+/g)) if (!found.has(text)) found.set(text, Date.now());
  };
  const timer = setInterval(() => look().catch(() => clearInterval(timer)), 1000);
  return found;
}
