// Folds that a reader opened are open again after Back: browsers keep what the address of a visit knows, and not these.
// Without scripts report.css shows what is folded in the section that an address names.
(() => {
  const folds = [...document.querySelectorAll("main details")];
  for (const place of history.state?.folds ?? []) if (folds[place]) folds[place].open = true;
  // and where an address leads into folds they open, in browsers that do not see to it themselves, and so do those of a
  // section that it leads to, and the folded tables of it
  const reveal = () => {
    const meant = document.getElementById(decodeURIComponent(location.hash.slice(1))), around = folds.filter((fold) => !fold.open && fold.contains(meant));
    for (const fold of [...around, ...meant?.querySelectorAll(":scope > .fold, :scope > :not(section) .report-table > details") ?? []]) fold.open = true;
    if (around.length) meant.scrollIntoView();
  };
  reveal();
  addEventListener("hashchange", reveal);
  addEventListener("toggle", (event) => {
    if (!folds.includes(event.target)) return;
    const open = folds.flatMap((fold, place) => (fold.open ? [place] : []));
    try { history.replaceState({ ...history.state, folds: open }, ""); } catch { /* too often for a browser */ }
  }, true);
})();
