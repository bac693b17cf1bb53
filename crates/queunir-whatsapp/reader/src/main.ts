// The reader: lives in an isolated world of the page, looks, and tells.

import { watchPresses } from "./aim";
import { safe } from "./calls";
import { observe } from "./observe";

const world = globalThis as { __qn?: unknown };
if (world.__qn === undefined && globalThis.top === globalThis.self) {
  world.__qn = safe();
  watchPresses();
  observe();
}
