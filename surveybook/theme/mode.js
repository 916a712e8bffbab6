// Light or dark: as the reader chose, or else as the system is. Stands in the head and is not deferred, so that the page
// is never painted in the wrong mode; that scripts run at all is said here too, so that tools have their room at once.
(() => {
  const root = document.documentElement, KEY = "report-mode";
  const system = matchMedia("(prefers-color-scheme: dark)");
  root.dataset.scripts = "";

  const remembered = () => { try { return localStorage.getItem(KEY); } catch { return null; } };
  const remember = (mode) => { try { mode ? localStorage.setItem(KEY, mode) : localStorage.removeItem(KEY); } catch { /* for this page only */ } };
  const preferred = () => (system.matches ? "dark" : "light");
  const show = (mode) => {
    if (mode) root.dataset.mode = mode; else delete root.dataset.mode;
    document.querySelector(".report-mode")?.setAttribute("aria-pressed", (mode || preferred()) === "dark");
  };

  show(remembered());
  document.addEventListener("DOMContentLoaded", () => show(root.dataset.mode));
  // Wherever the switch is, and from when on: it can be pressed before the rest of the page is there. Who chooses what
  // the system has anyway follows the system again.
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.(".report-mode")) return;
    const wanted = (root.dataset.mode || preferred()) === "dark" ? "light" : "dark";
    const mode = wanted === preferred() ? "" : wanted;
    remember(mode);
    show(mode);
  });
  system.addEventListener("change", () => show(root.dataset.mode));
  addEventListener("storage", (event) => event.key === KEY && show(event.newValue));
})();
