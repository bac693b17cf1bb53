// Entry: decides whether the browser may enter, connects, and wires session, model and screens.
import "./page.css";
import { mount } from "./boot.ts";
import { brandHints, isSupported } from "./browser.ts";
import { dress } from "./generation.ts";
import { panelWord } from "./locale/panels.ts";
import { textsFor } from "./locale/texts.ts";
import { Model } from "./model.ts";
import { anotherSessionScreen, loggedOutScreen } from "./screens/another.ts";
import { showDialog } from "./screens/dialog.ts";
import { fullScreen } from "./screens/full.ts";
import { loadingNote, loadingScreen } from "./screens/loading.ts";
import { mainScreen } from "./screens/main.ts";
import { codeScreen, numberScreen } from "./screens/number.ts";
import { openPopup } from "./screens/popup.ts";
import { qrScreen } from "./screens/qr.ts";
import type { Screens } from "./screens/screens.ts";
import { unsupportedScreen } from "./screens/unsupported.ts";
import { Session } from "./session.ts";
import { connect, type LineEvents } from "./socket.ts";

async function start(): Promise<void> {
  const show = mount();
  if (!isSupported(navigator.userAgent, brandHints())) {
    const locale = new URLSearchParams(location.search).get("locale") ?? navigator.language;
    show(unsupportedScreen(textsFor(locale)));
    return;
  }
  const model = new Model();
  const session: Session = new Session(model, screens());
  await session.load();
  const events: LineEvents = {
    opened: () => session.opened(),
    message: (message) => session.message(message),
    closed: () => session.closed(),
  };
  const query = new URLSearchParams(location.search);
  if (import.meta.env.DEV && query.has("fake")) {
    const { fakeLine } = await import("../dev/fake.ts");
    session.line = fakeLine(events, query.get("fake") ?? "");
  } else {
    session.line = connect(events);
  }
  const report = (): void => session.reportFocus();
  document.addEventListener("visibilitychange", report);
  window.addEventListener("focus", report);
  window.addEventListener("blur", report);

  function screens(): Screens {
    model.on("offline", () => qr?.offline(model.offline));
    let main: HTMLElement | null = null;
    /** A login by number is under way; new codes do not push it away. */
    let numbered = false;
    let qr: ReturnType<typeof qrScreen> | null = null;
    let loading: ReturnType<typeof loadingScreen> | null = null;
    const load = (percent: number | null): void => {
      loading ??= loadingScreen(model.texts, () => session.line?.send({ type: "logout" }));
      loading.update(percent);
      show(loading.node);
    };
    return {
      showStartup: () => load(null),
      showSync: (percent) => load(percent),
      showQr(code) {
        qr ??= qrScreen(model.texts, {
          reload: () => session.line?.send({ type: "reloadQr" }),
          byNumber() {
            numbered = true;
            show(numberScreen(model.texts, (phone) => session.line?.send({ type: "linkPhone", phone })));
          },
        });
        if (numbered) return;
        qr.offline(model.offline);
        void qr.update(code);
        show(qr.node);
      },
      showMain() {
        main ??= mainScreen(model, session);
        show(main);
        if (dress().name === "g2") main.parentElement?.classList.add("two");
      },
      showAnotherSession() {
        show(anotherSessionScreen(model.texts, () => session.line?.send({ type: "useHere" })));
      },
      showDialog,
      showFull(name) {
        show(fullScreen(model.texts, name, () => session.line?.send({ type: "useHere" })));
      },
      showLinkCode(code) {
        show(codeScreen(model.texts, code));
      },
      showStarting: () => openPopup(null, loadingNote(panelWord(model.texts.lang, "startingChat"))),
      showNothing() {
        show(document.createElement("div"));
      },
      showLoggedOut() {
        show(loggedOutScreen(model.texts));
      },
    };
  }
}

void start();
