// Dark is the default; light is a choice that is remembered.
import { read, write } from "#/lib/storage";

export type Theme = "dark" | "light";

const key = "queunir.theme";

/** The theme now shown. */
export function theme(): Theme {
  return document.documentElement.dataset.theme === "light" ? "light" : "dark";
}

/** The theme chosen last. */
export function savedTheme(): Theme {
  return read(key) === "light" ? "light" : "dark";
}

/** Shows a theme and remembers it. */
export function chooseTheme(chosen: Theme): void {
  document.documentElement.dataset.theme = chosen;
  write(key, chosen);
}
