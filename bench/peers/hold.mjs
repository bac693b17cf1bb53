// The peer of a slice: a Node process that holds the linked page through puppeteer-core, and does nothing with it.
import { linkPage, startBrowser } from "./page.mjs";

const { simulator, engine, account } = JSON.parse(process.argv[2]);
const { browser, close } = await startBrowser(engine);
process.once("SIGTERM", async () => {
  await close();
  process.exit();
});
await linkPage(browser, simulator, account);
console.log("linked");
