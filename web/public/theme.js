// Sets the saved theme before the first paint; a file of its own because the content policy allows no inline script.
try {
  if (localStorage.getItem("queunir.theme") === "light") document.documentElement.dataset.theme = "light";
} catch {
  // Storage may be forbidden; dark is the default.
}
