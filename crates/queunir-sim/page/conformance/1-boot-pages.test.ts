// Evidence 1.1: what real boot pages served, against what ours serves.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Stage } from "./stage.ts";

type Tree = (string | Tree)[];

const real = JSON.parse(readFileSync(fileURLToPath(new URL("boot-pages.json", import.meta.url)), "utf8"));
/** The package of real pages, unpacked; it has 259 MB, so nobody is made to install it. */
const PACKAGE = process.env.WA_VERSION;

let stage: Stage;
let page: Page;
beforeAll(async () => {
  stage = await Stage.start();
  page = await stage.unlinked();
});
afterAll(() => stage.end());

/** The elements of each document's body in order; scripts, links, styles and classes are left out. */
function shapes(documents: string[]): Promise<Tree[][]> {
  return page.evaluate((documents) => {
    const shape = (node: Element): Tree => {
      const words = [...node.childNodes].filter((one) => one.nodeType === 3).map((one) => one.textContent?.trim());
      const marks = ["value", "max", "dir", "hidden"]
        .filter((name) => node.hasAttribute(name))
        .map((name) => `[${name}${node.getAttribute(name) ? `=${node.getAttribute(name)}` : ""}]`);
      const name = `${node.localName}${node.id ? `#${node.id}` : ""}${marks.join("")}`;
      const said = words.join("");
      return [said ? `${name}:${said}` : name, ...[...node.children].map(shape)];
    };
    const left = ["SCRIPT", "LINK", "STYLE", "NOSCRIPT"];
    return documents.map((text) => {
      const { body } = new DOMParser().parseFromString(text, "text/html");
      return [...body.children].filter(({ tagName }) => !left.includes(tagName)).map(shape);
    });
  }, documents);
}

test("1.1-03 the served elements are those of three real boot pages", async () => {
  const served = await (await fetch(`${stage.base}/`)).text();
  expect(await shapes([served])).toEqual([[real.splash, real.last]]);
});

// WA_VERSION=DIR, for instance after `npm pack` of what `boot-pages.json` names.
test.runIf(PACKAGE)(
  "1.1-03 every page of the package has these elements, some an empty mount node besides",
  async () => {
    const folder = join(PACKAGE ?? "", "html");
    const names = readdirSync(folder);
    for (const revision of real.revisions) expect(names).toContain(`2.3000.${revision}-alpha.html`);
    const bodies = names.map((name) => {
      const text = readFileSync(join(folder, name), "utf8");
      return text.slice(text.indexOf("<body")).replaceAll(/<(script|style)\b.*?<\/\1>/gs, "");
    });
    for (const [index, found] of (await shapes(bodies)).entries()) {
      const lasting = found.filter(([name]) => !/^div#mount_0_0_/.test(String(name)));
      expect(lasting, names[index]).toEqual([real.splash, real.last]);
    }
  },
);
