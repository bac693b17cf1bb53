// What stands beside the reader before it begins, as `page/script.rs` puts it there.

import g2 from "../../profiles/g2.json";
import g3 from "../../profiles/g3.json";
import icons from "../../profiles/icons.json";
import words from "../../profiles/labels.json";

const { about: _, ...sets } = icons;
Object.assign(globalThis, { __qnBeside: { builtIn: [g3, g2], given: [], icons: sets, words } });
