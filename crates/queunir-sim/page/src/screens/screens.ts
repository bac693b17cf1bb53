// What can take the whole page, as the session asks for it.
import type { FromServer } from "../protocol.ts";

export interface Screens {
  showStartup(): void;
  showQr(code: { ref: string } | "waiting" | "idle"): void;
  showSync(percent: number): void;
  showMain(): void;
  showAnotherSession(): void;
  showLoggedOut(): void;
  showDialog(dialog: Extract<FromServer, { type: "dialog" }>, answer: (button: "ok" | "cancel") => void): void;
  showNothing(): void;
  showFull(name: string): void;
  showLinkCode(code: string): void;
  /** A short message; gives what takes it away. */
  showStarting(): () => void;
}
