// Starts the app: language first, so that no text appears in the wrong one.
import "@fontsource-variable/ibm-plex-sans";
import "@fontsource/ibm-plex-mono/400.css";
import "@fontsource/ibm-plex-mono/500.css";
import "sonner/dist/styles.css";
import "#/styles.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "#/app/App";
import { speak, startLocale } from "#/lib/words";

if (import.meta.env.MODE === "mock") {
  const { startMock } = await import("#/mock/browser");
  startMock();
}

const place = document.getElementById("root");
if (place) {
  await speak(startLocale());
  createRoot(place).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
