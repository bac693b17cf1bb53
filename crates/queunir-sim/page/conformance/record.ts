// Records the page in each generation and language, and what is true of it, for whoever reads saved pages:
// `node --run record -- FOLDER`. The folder holds `world.toml`; what was there before is replaced.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Page } from "playwright-core";
import { Stage } from "./stage.ts";

const LOCALES = ["en", "pt-BR", "es", "it", "zh-CN"];
const CHATS = [
  ["contact", "Marta Souza"],
  ["group", "Entregas"],
] as const;
/** Files and pictures inside the page are shortened to this; nobody reads them. */
const DATA_URI = "data:image/png;base64,AAAA";

const folder = resolve(process.argv[2] ?? ".");
const stage = await Stage.start(join(folder, "world.toml"));
try {
  for (const name of ["g3", "g2", "unknown"]) {
    await rm(join(folder, name), { recursive: true, force: true });
    await mkdir(join(folder, name));
  }
  // Opening a chat reads it; the pages shall show the unread ones, so the last chat read is the group.
  for (const [index, locale] of LOCALES.entries()) {
    for (const [name, generation] of [
      ["g3", "g3"],
      ["g2", "g2"],
      ["unknown", `unknown:${index + 1}`],
    ] as const) {
      await stage.post("look", { generation });
      const page = await stage.linked({ locale });
      for (const [kind, title] of CHATS) {
        if (kind === "group" && locale !== "pt-BR") continue;
        await show(page, title);
        await writeFile(join(folder, name, `${kind}-${locale}.html`), await saved(page));
      }
      await page.close();
    }
  }
  const { accounts } = await stage.get<{ accounts: unknown[] }>("ledger");
  await writeFile(join(folder, "truth.json"), `${JSON.stringify(accounts[0], null, 1)}\n`);
} finally {
  await stage.end();
}

/** Opens a chat in any generation and waits until all of it is drawn. */
async function show(page: Page, title: string): Promise<void> {
  await page.locator(`#pane-side [title="${title}"]`).first().click();
  await page.locator(`#main header [title="${title}"]`).waitFor();
  await page.waitForFunction(() => {
    const rows = [...document.querySelectorAll("#main [data-id]")];
    const drawn = rows.every((row) => row.textContent !== "" || row.querySelector("img, canvas, svg") !== null);
    const pictures = [...document.querySelectorAll<HTMLImageElement>('#main img[src^="blob:"]')];
    return rows.length > 4 && drawn && pictures.every(({ complete }) => complete);
  });
}

/** The document without scripts, invented class names and the bytes of pictures. */
function saved(page: Page): Promise<string> {
  return page.evaluate((uri) => {
    const copy = document.documentElement.cloneNode(true) as HTMLElement;
    for (const node of copy.querySelectorAll("script, link, meta:not([charset])")) node.remove();
    for (const node of copy.querySelectorAll("[class]")) {
      const kept = [...node.classList].filter((name) => !/^x[a-z0-9]{7}$/.test(name));
      if (kept.length > 0) node.setAttribute("class", kept.join(" "));
      else node.removeAttribute("class");
    }
    for (const node of copy.querySelectorAll("svg")) {
      for (const path of node.querySelectorAll("path")) path.remove();
    }
    return `<!DOCTYPE html>\n${copy.outerHTML.replace(/data:image\/[a-z]+;base64,[A-Za-z0-9+/=]{40,}/g, uri)}\n`;
  }, DATA_URI);
}
