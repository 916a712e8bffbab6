// What Quarto's scripts make of its pages, for all readers. Runs after them, as they wait for the same event.
document.addEventListener("DOMContentLoaded", () => {
  // They take “index.html” out of every address, so that a place on this page would seem to be on another one.
  for (const link of document.querySelectorAll("a[data-original-href]")) {
    const meant = new URL(link.dataset.originalHref);
    if (meant.hash && meant.href === location.origin + location.pathname + location.search + meant.hash) link.href = meant.hash;
  }

  // Where something stands beside the text, the table of contents becomes a title that unfolds, for pointers alone; the
  // list below it, and the one that it stands for, are reached by keys all the same while nobody sees them.
  const reachable = (menu) => {
    const [title, list] = [".quarto-sidebar-toggle-title", ".quarto-sidebar-toggle-contents"].map((one) => menu.querySelector(one));
    const replaced = [...menu.parentElement.querySelectorAll(":scope > :is(.sidebar, .report-chapters)")].filter((one) => one.firstElementChild?.style.opacity === "0");
    const tell = () => {
      const open = menu.classList.contains("expanded");
      title.setAttribute("aria-expanded", open);
      list.inert = !open;
    };
    Object.assign(title, { tabIndex: 0, role: "button" });
    for (const one of replaced) [...one.children].forEach((child) => { child.inert = true; });
    title.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      title.click();
    });
    new MutationObserver(tell).observe(menu, { attributeFilter: ["class"] });
    tell();
  };
  const content = document.getElementById("quarto-content");
  const added = (nodes) => [...nodes].filter((node) => node.matches?.(".quarto-sidebar-toggle")).forEach(reachable);
  if (content) {
    added(content.querySelectorAll(".quarto-sidebar-toggle"));
    new MutationObserver((changes) => changes.forEach((change) => {
      added(change.addedNodes);
      // the menu is gone again: its list is shown beside the text
      if ([...change.removedNodes].some((node) => node.matches?.(".quarto-sidebar-toggle"))) {
        content.querySelectorAll("[inert]").forEach((one) => { one.inert = false; });
      }
    })).observe(content, { childList: true });
  }
});
