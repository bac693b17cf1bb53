// The reader: lives in an isolated world of the page, looks, and tells.

import { safe, takeProfiles } from "./calls";
import { observe } from "./observe";

const world = globalThis as { __qn?: unknown; __qnProfiles?: unknown };
if (world.__qn === undefined && globalThis.top === globalThis.self) {
  world.__qn = safe();
  takeProfiles(world.__qnProfiles);
  observe();
}
