// The QR screen: code, steps, and what replaces the code while there is none or when its batch is over.
import { toCanvas } from "qrcode";
import { column, css, row } from "../atoms.ts";
import { h } from "../dom.ts";
import { faulty } from "../fault.ts";
import { drawing } from "../icons.ts";
import { panelWord } from "../locale/panels.ts";
import type { Texts } from "../locale/texts.ts";

export type Code = { ref: string } | "waiting" | "idle";

const page = `${column} ${css("height: 100%; align-items: center; background: #fcf5eb; gap: 28px; padding-top: 28px; overflow: auto")}`;
const card = `${row} ${css("background: #fff; border: 1px solid #1c1e21; border-radius: 24px; padding: 48px; width: 900px; max-width: 94%; justify-content: space-between; gap: 40px")}`;
const box = css("position: relative; width: 264px; height: 264px; flex-shrink: 0");
const center = `${row} ${css("position: absolute; inset: 0; justify-content: center")}`;
const spinner = css(
  "width: 44px; height: 44px; border-radius: 50%; border: 4px solid #d1d7db; border-top-color: #1daa61",
);
const reloadButton = `${column} ${css("align-items: center; justify-content: center; gap: 8px; width: 200px; height: 200px; border-radius: 50%; background: #1daa61; color: #fff; font-size: 14px; text-align: center; padding: 24px")}`;
const offlineNote = `${column} ${css("align-items: center; gap: 12px; max-width: 200px; text-align: center; color: #54656f; font-size: 15px")}`;
const mark = css("width: 52px; height: 52px; border-radius: 50%; background: #fff; border: 6px solid #111b21");

const SIZE = 264;

/** Makes the screen; `update` follows the server's messages. */
export function qrScreen(
  texts: Texts,
  act: { reload(): void; byNumber(): void },
): { node: HTMLElement; update: (code: Code) => Promise<void>; offline: (on: boolean) => void } {
  const holder = h("div", { class: box });
  const node = h("div", { class: page, "data-testid": "link-device-qr-code-screen" }, [
    h(
      "div",
      {
        class: `${row} ${css("gap: 10px; width: 900px; max-width: 94%; font-size: 22px; color: #1daa61; font-weight: 500")}`,
      },
      ["WhatsApp"],
    ),
    h("div", { class: card }, [
      h("div", { class: `${column} ${css("gap: 22px")}` }, [
        h("div", { class: css("font-size: 30px; font-weight: 400") }, texts.qr.heading),
        h(
          "ol",
          { class: css("margin: 0; padding-left: 22px; line-height: 34px; font-size: 18px") },
          texts.qr.steps.map((step) => h("li", {}, [h("span", {}, step)])),
        ),
        h("label", { class: `${row} ${css("gap: 8px; color: #54656f")}` }, [
          h("input", { type: "checkbox", checked: true }),
          texts.qr.stay,
        ]),
        h(
          "div",
          {
            role: "button",
            tabindex: 0,
            class: css("color: #1daa61; text-decoration: underline; font-size: 15px"),
          },
          texts.qr.phoneLogin,
          { click: () => act.byNumber() },
        ),
      ]),
      holder,
    ]),
    h("div", { class: `${row} ${css("gap: 6px; color: #54656f; font-size: 13px")}` }, [
      drawing("ic-lock", 16),
      texts.loading.encrypted,
    ]),
  ]);

  let canvas: HTMLCanvasElement | null = null;
  let logo: HTMLElement | null = null;
  let lid: HTMLElement | null = null;
  let idle = false;
  let offline = false;
  let latest = 0;

  const again = (): void => {
    act.reload();
    void update("waiting");
  };
  /** Dims the code under what stands in its way, or lets it show. */
  const cover = (): void => {
    const dim = idle || offline;
    if (canvas) canvas.style.opacity = dim && !faulty("1-bright-when-idle") ? "0.04" : "";
    if (logo) logo.style.display = dim ? "none" : "";
    lid?.remove();
    lid = offline ? offlineLid(texts) : idle ? reloadLid(texts, again) : null;
    if (lid) holder.append(lid);
  };

  const update = async (code: Code): Promise<void> => {
    latest += 1;
    const turn = latest;
    idle = code === "idle" && canvas !== null;
    if (code === "waiting") {
      canvas = null;
      logo = null;
      holder.replaceChildren(h("div", { class: center }, [h("div", { class: spinner, role: "progressbar" })]));
    }
    if (code === "waiting" || code === "idle") {
      cover();
      return;
    }
    const next = h("canvas", {
      "aria-label": texts.qr.label,
      role: "img",
      width: SIZE,
      height: SIZE,
    }) as HTMLCanvasElement;
    await toCanvas(next, code.ref, { width: SIZE, margin: 0, errorCorrectionLevel: "M" });
    if (turn !== latest) return;
    canvas = next;
    logo = h("span", { class: center }, [h("div", { class: mark })]);
    const look = {
      "data-testid": "link-device-qr-code",
      "data-ref": faulty("1-no-ref") ? "" : code.ref,
      class: css("position: relative"),
    };
    holder.replaceChildren(h("div", look, [next, logo]));
    cover();
  };
  return {
    node,
    update,
    offline(on) {
      offline = on;
      cover();
    },
  };
}

function reloadLid(texts: Texts, again: () => void): HTMLElement {
  return h("div", { class: center }, [
    h("button", { class: reloadButton, type: "button" }, [drawing("ic-refresh", 40), texts.qr.reload], {
      click: again,
    }),
  ]);
}

/** In the place of the reload button while there is no network. */
function offlineLid(texts: Texts): HTMLElement {
  return h("div", { role: "status", class: `${center} ${css("background: rgba(255, 255, 255, 0.92)")}` }, [
    h("div", { class: offlineNote }, [drawing("ic-cloud-off", 56), panelWord(texts.lang, "qrOffline")]),
  ]);
}
