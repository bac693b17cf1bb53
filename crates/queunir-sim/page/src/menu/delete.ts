// The question before a message is deleted: for everyone while that is possible, or for us.

import { menuWord } from "../locale/menu.ts";
import type { OnMessage } from "../protocol.ts";
import { control, controls, openModal } from "../screens/modal.ts";

/** Asks; `act` gets the answer, unless it is "Cancel". */
export function askDelete(lang: string, everyone: boolean, act: (what: OnMessage) => void): void {
  const after = (what: OnMessage | null) => (): void => {
    close();
    if (what) act(what);
  };
  const me = control("popup-controls-delete", menuWord(lang, "forMe"), after({ do: "delete_for_me" }), !everyone);
  const cancel = control(null, menuWord(lang, "cancel"), after(null));
  const all = control("popup-controls-revoke", menuWord(lang, "forEveryone"), after({ do: "delete_for_everyone" }));
  const close = openModal({
    testid: "confirm-popup",
    title: menuWord(lang, "deleteTitle"),
    content: null,
    controls: everyone ? controls([all, me, cancel], true) : controls([cancel, me]),
  });
}
