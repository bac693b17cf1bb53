// Takes pictures of the page for eyes: `node conformance/look.ts FOLDER [TITLE …]`.
import { openChat, Stage } from "./stage.ts";

const [folder = "/tmp", ...titles] = process.argv.slice(2);
const stage = await Stage.start();
const page = await stage.linked();
for (const title of titles.length ? titles : ["Kinds", "Texts", "Group of three"]) {
  await openChat(page, title);
  await page.waitForTimeout(900);
  const scroller = page.locator('[data-testid="conversation-panel-messages"]');
  const height = await scroller.evaluate((node) => node.scrollHeight);
  for (let top = 0, index = 0; top < height; top += 640, index += 1) {
    await scroller.evaluate((node, to) => node.scrollTo({ top: to }), top);
    await page.waitForTimeout(300);
    await page.screenshot({ path: `${folder}/${title.replaceAll(" ", "-")}-${index}.png` });
  }
}
await stage.end();
