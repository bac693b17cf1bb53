// Simulator submits a message to the event at the user's browser, at 5 messages a second in all.
// The peer is the first account's WhatsApp page, linked as a second device, polled once a second through puppeteer-core.
// With SLICES=n the messages go to n accounts in turn: real slices with their Chromium as far as the machine holds
// them, clients of the simulator's protocol without a slice for the rest; the output says how many of each.
import { cpus, freemem } from "node:os";
import { chromium } from "playwright-core";
import { Account, until } from "../e2e/account.ts";
import { ledger } from "../e2e/ledger.ts";
import { Service } from "../e2e/service.ts";
import { linkPage, startBrowser } from "./peers/page.mjs";
import { linkClient } from "./peers/page-client.mjs";
import { percentile, report } from "./report.mjs";

const MESSAGES = Number(process.env.MESSAGES ?? 150);
const SLICES = Number(process.env.SLICES ?? 1);
const PER_SECOND = 5;
/** Memory and cores that a slice with its browser wants; a machine without them would measure its own swapping. */
const SLICE_BYTES = 700e6;
const SLICES_PER_CORE = 5;

const service = await Service.create({ scenario: "test" });
const seller = await chromium.launch({ executablePath: "/usr/bin/chromium" });
const poller = await startBrowser();
const clients = [];
try {
  const real = Math.min(SLICES, Math.floor(freemem() / SLICE_BYTES), SLICES_PER_CORE * cpus().length);
  const tenants = [];
  for (let number = 1; number <= SLICES; number++) {
    const id = await phone(number);
    if (number <= real) tenants.push(await tenant(id, number));
    else {
      tenants.push({ id, people: await people(id) });
      clients.push(await linkClient(service.simulator, id));
    }
  }
  const served = tenants.slice(0, real);
  const polled = await poll(tenants[0].id);
  // First the chat that each seller has open, then all chats in turn. Who opens a chat touches the app, which says so.
  for (const { account, people } of served) {
    const open = (await account.chats()).find((chat) => chat.title === people[0].title);
    await account.call("POST", "/api/status/presence", { window: crypto.randomUUID(), working: true });
    await account.call("POST", `/api/chats/${open.id}/open`, { viewer: crypto.randomUUID() });
  }
  const inOpenChat = await submit(tenants, "open", (people) => people[0]);
  const inAllChats = await submit(tenants, "all", (people, index) => people[index % people.length]);
  const seen = await until("every message at the browsers", async () => {
    const found = { stored: {}, row: {} };
    for (const { page } of served) {
      const { stored, row } = await page.evaluate(() => window.seen);
      Object.assign(found.stored, stored);
      Object.assign(found.row, row);
    }
    return [...inOpenChat.keys(), ...inAllChats.keys()].every((text) => found.row[text]) ? found : undefined;
  });
  const times = (submitted, at) =>
    [...submitted].map(([text, start]) => (at[text] ?? Number.POSITIVE_INFINITY) - start);
  const toFirst = [...inAllChats].filter(([text]) => text.endsWith(" to 1."));
  const theirs = toFirst.filter(([text]) => polled.has(text)).map(([text, start]) => polled.get(text) - start);
  const figure = (name, samples, share, limit) => {
    const own = percentile(samples, share);
    return {
      name,
      ours: own,
      peer: percentile(theirs, share),
      peer_name: `polled page, puppeteer-core (${theirs.length} of ${toFirst.length} seen)`,
      unit: "ms",
      wanted: limit ? `under ${limit}` : "stated",
      holds: limit ? own < limit : true,
    };
  };
  for (const [part, submitted] of [
    ["open chat", inOpenChat],
    ["seven chats", inAllChats],
  ]) {
    const slowest = [...submitted]
      .map(([text, start]) => [Math.round(seen.stored[text] - start), text])
      .sort(([a], [b]) => b - a)
      .slice(0, 5);
    console.log(`${part}, slowest to be stored: ${slowest.map(([ms, text]) => `${ms} ms (${text})`).join(", ")}`);
  }
  console.log(`${real} slices with their own Chromium, ${clients.length} clients of the protocol without a slice`);
  const on = SLICES === 1 ? "" : `${real} slices and ${clients.length} clients, `;
  report(SLICES === 1 ? "message" : `message-${SLICES}`, [
    figure(`${on}open chat, stored, p50`, times(inOpenChat, seen.stored), 0.5, 200),
    figure(`${on}open chat, stored, p99`, times(inOpenChat, seen.stored), 0.99, 1000),
    figure(`${on}seven chats, stored, p50`, times(inAllChats, seen.stored), 0.5, 200),
    figure(`${on}seven chats, stored, p99`, times(inAllChats, seen.stored), 0.99, 1000),
    figure(`${on}seven chats, its row read, p50`, times(inAllChats, seen.row), 0.5),
    figure(`${on}seven chats, its row read, p99`, times(inAllChats, seen.row), 0.99),
  ]);
} finally {
  for (const client of clients) client.close();
  await poller.close();
  await seller.close();
  await service.remove();
}

/** The simulator's account of a number; the first is the scenario's own. */
async function phone(number) {
  if (number === 1) return (await ledger(service)).id;
  const id = `test-${number}`;
  await simulator("/_sim/accounts", { scenario: "test", id, phone: `+55 11 90000-${String(number).padStart(4, "0")}` });
  return id;
}

/** The customers of an account. */
async function people(id) {
  const { accounts } = await (await fetch(`${service.simulator}/_sim/ledger`)).json();
  const { chats } = accounts.find((account) => account.id === id);
  return chats.filter((chat) => chat.kind === "contact");
}

/** A seller with a linked slice, and a browser that notes what arrives. */
async function tenant(id, number) {
  const account = await Account.register(service, `seller${number}@example.com`);
  await account.link("background", id);
  return { id, account, people: await people(id), page: await listen(account) };
}

/** Submits the messages of one round at the pace, to account after account; answers when each real one was submitted. */
async function submit(tenants, round, chatOf) {
  const submitted = new Map();
  for (let index = 0; index < MESSAGES; index++) {
    const turn = index % tenants.length;
    const { id, people, account } = tenants[turn];
    const text = `bench ${round} ${index} of ${MESSAGES} to ${turn + 1}.`;
    const chat = chatOf(people, Math.floor(index / tenants.length));
    if (account) submitted.set(text, Date.now());
    await simulator(`/_sim/accounts/${id}/incoming`, { chat: chat.id, text });
    await new Promise((resolve) => setTimeout(resolve, 1000 / PER_SECOND));
  }
  return submitted;
}

async function simulator(path, body) {
  const answer = await fetch(service.simulator + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}

/** A seller's browser that notes when each message arrives on the live stream. */
async function listen(account) {
  const context = await seller.newContext();
  const [name, value] = account.cookie.split("=");
  await context.addCookies([{ name, value, url: service.app.replace("http:", "https:"), secure: true }]);
  const page = await context.newPage();
  await page.goto(service.app);
  await page.evaluate(() => {
    window.seen = { stored: {}, row: {} };
    const note = (event) => {
      const { message } = JSON.parse(event.data);
      window.seen.stored[message.text] ??= Date.now();
      // What the list showed is stored first; its own row may be read later.
      if (message.source === "row") window.seen.row[message.text] ??= Date.now();
    };
    const stream = new EventSource("/api/events");
    stream.addEventListener("message.stored", note);
    stream.addEventListener("message.updated", note);
    return new Promise((resolve) => stream.addEventListener("link", resolve, { once: true }));
  });
  return page;
}

/** The peer: links the page as a second device and looks at the list's previews once a second. */
async function poll(account) {
  const page = await linkPage(poller.browser, service.simulator, account);
  const found = new Map();
  const look = async () => {
    const texts = await page.evaluate(() => document.querySelector("#pane-side")?.textContent ?? "");
    for (const [text] of texts.matchAll(/bench \w+ \d+ of \d+ to \d+\./g)) {
      if (!found.has(text)) found.set(text, Date.now());
    }
  };
  const timer = setInterval(() => look().catch(() => clearInterval(timer)), 1000);
  return found;
}
