// Builds the mount node, `#app` and the wrapper, and puts one screen at a time into it.
import { css } from "./atoms.ts";
import { h } from "./dom.ts";
import { faulty } from "./fault.ts";

const full = css("height: 100%; width: 100%; position: relative");

/** Makes the place for screens; returns the function that shows one. The splash goes when the first is up. */
export function mount(): (screen: HTMLElement) => void {
  const wrapper = h("div", { class: `app-wrapper-web ${full}` });
  const random = Array.from(crypto.getRandomValues(new Uint8Array(2)), (byte) => (byte % 36).toString(36)).join("");
  document.body.append(
    h("div", { id: `mount_0_0_${random}`, class: full }, [h("div", { id: "app", class: full }, [wrapper])]),
  );

  return (screen) => {
    if (wrapper.firstChild === screen) return;
    wrapper.replaceChildren(screen);
    if (!faulty("1-splash-stays")) document.getElementById("wa_web_initial_startup")?.remove();
  };
}
