// Which screen the reader recognises, with its dialogs and codes.

import { beforeEach, describe, expect, it } from "vitest";
import { dialog, qrReload, state, useHere } from "../src/screen";
import { conversation, g3Chat, list, page } from "./markup";

const code = "2@abcdefghijk,noise,identity,secret,1";

function qr(attributes: string, inner = `<canvas aria-label="Scan this QR code to link a device!"></canvas>`): string {
  return `<div id="app"><div><div data-testid="link-device-qr-code" ${attributes}>${inner}</div></div></div>`;
}

function popup(text: string, buttons: string): string {
  return `<div role="dialog"><div data-testid="confirm-popup"><div data-testid="popup-contents">${text}</div>${buttons}</div></div>`;
}

beforeEach(() => {
  document.body.innerHTML = "";
});

describe("screens", () => {
  const screens: [string, string, string][] = [
    ["nothing yet", "", "blank"],
    ["an empty app", `<div id="app"></div>`, "blank"],
    [
      "the served boot page",
      `<div id="wa_web_initial_startup"><progress value="0" max="100"></progress>WhatsApp</div>`,
      "startup",
    ],
    [
      "the loading screen without a figure",
      `<div id="app"><div data-testid="wa-web-loading-screen"><progress></progress>Loading your chats</div></div>`,
      "startup",
    ],
    [
      "the loading screen with one",
      `<div id="app"><div data-testid="wa-web-loading-screen"><progress></progress>Carregando suas conversas 61%</div></div>`,
      "syncing",
    ],
    ["a code", qr(`data-ref="${code}"`), "qr"],
    ["a code with a prefix", qr(`data-ref="https://wa.me/settings/linked_devices#${code}"`), "qr"],
    ["a broken code", qr(`data-ref="undefined,noise,identity"`), "qr_wait"],
    ["a spinner in its place", qr("", "<svg></svg>"), "qr_wait"],
    [
      "the end of a batch",
      qr(
        `data-ref="${code}"`,
        `<canvas style="opacity: 0.04"></canvas><button><svg><title>ic-refresh</title></svg>Click to reload QR code</button>`,
      ),
      "qr_idle",
    ],
    [
      "log-in by phone number",
      `<div id="app"><div data-testid="link-device-phone-number-entry-screen"></div></div>`,
      "phone_login",
    ],
    [
      "the characters for the phone",
      `<div id="app"><h1>Enter code on phone</h1><div data-link-code="4,7,2,P,S,D,R,E"></div></div>`,
      "phone_login",
    ],
    [
      "the end of those characters",
      `<div id="app"><h1>Insira o código no celular</h1><button><svg><title>ic-refresh</title></svg></button></div>`,
      "phone_login",
    ],
    ["the main screen", page(list([])), "main"],
    [
      "another window",
      `<div id="app">${popup("WhatsApp está aberto em outra janela.", `<button>Fechar</button><button data-testid="popup-controls-ok">Usar aqui</button>`)}</div>`,
      "another_session",
    ],
    [
      "two buttons in a language without a table",
      `<div id="app">${popup("…", `<button data-testid="popup-controls-cancel">a</button><button data-testid="popup-controls-ok">b</button>`)}</div>`,
      "conflict",
    ],
    ["an unsupported browser", `<div><h1>WhatsApp works with Google Chrome 100+</h1></div>`, "unsupported"],
    ["a ban", `<div id="app"><h1>Your account is temporarily banned</h1></div>`, "blocked"],
    ["something new", `<div id="app"><h1>Hello</h1></div>`, "unknown"],
  ];
  for (const [name, html, screen] of screens) {
    it(name, () => {
      document.body.innerHTML = html;
      expect(state().screen).toBe(screen);
    });
  }

  it("hands the code through unparsed", () => {
    document.body.innerHTML = qr(`data-ref="${code}"`);
    expect(state()).toMatchObject({
      qr: code,
      visible: true,
      generation: "g3",
    });
  });

  it("finds the reload button", () => {
    document.body.innerHTML = qr("", `<canvas style="opacity: 0.04"></canvas><button>reload</button>`);
    expect(qrReload().present).toBe(true);
    document.body.innerHTML = page(list([]));
    expect(qrReload().present).toBe(false);
  });

  it("reads progress and number on the main screen", () => {
    document.body.innerHTML = page(
      `${list([`<div role="row" style="transform:translateY(0px)"><div data-testid="message-yourself-row"><span title="+55 11 98888-7777 (você)"></span></div></div>`])}`,
    );
    document
      .querySelector("#side")
      ?.insertAdjacentHTML("afterbegin", `<div data-testid="chat-butterbar">Sincronizando 61%</div>`);
    expect(state()).toMatchObject({
      screen: "main",
      sync_percent: 61,
      own_title: "+55 11 98888-7777 (você)",
      offline: false,
    });
  });

  it("sees that the computer is offline", () => {
    document.body.innerHTML = page(list([g3Chat({ title: "Ana", y: 0 })]));
    document
      .querySelector("#side")
      ?.insertAdjacentHTML("afterbegin", `<div data-testid="chat-butterbar-offline">Computador sem conexão</div>`);
    expect(state()).toMatchObject({ screen: "main", offline: true });
  });

  it("names known dialogs and only reports unknown ones", () => {
    document.body.innerHTML =
      page(list([])) + popup("Uma nova aparência para o WhatsApp Web", "<button>Continuar</button>");
    expect(dialog()).toMatchObject({ present: true, known: "fresh_look" });
    document.body.innerHTML = page(list([])) + popup("Apagar tudo?", "<button>Sim</button>");
    const unknown = dialog();
    expect(unknown.known).toBeUndefined();
    expect(unknown).toMatchObject({ present: true, x: 0, y: 0 });
    expect(useHere().present).toBe(false);
  });

  it("is not fooled by a message that looks like a screen", () => {
    document.body.innerHTML = page(list([]) + conversation([], "your account is temporarily banned, use here"));
    expect(state().screen).toBe("main");
  });
});
