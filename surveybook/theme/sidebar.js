// The list of chapters begins where the reader is: a long one is scrolled to this page before anything is painted, or when
// it is opened on a narrow screen. There it closes when it led to a place on this page, or has room beside the text.
(() => {
  const list = document.getElementById("quarto-sidebar");
  const current = list?.querySelector("a.active");
  if (!list) return;
  const begin = () => {
    if (!current) return;
    const [frame, mark] = [list.getBoundingClientRect(), current.getBoundingClientRect()];
    const [top, bottom] = [Math.max(frame.top, 0), Math.min(frame.bottom, innerHeight)];
    if (mark.top < top || mark.bottom > bottom) list.scrollTop += (mark.top + mark.bottom - top - bottom) / 2;
  };
  const close = () => list.matches(":popover-open") && list.hidePopover();
  requestAnimationFrame(begin);  // when all scripts have changed what they change: to ask where things are lays out the page
  if (!list.hidePopover) return;
  list.addEventListener("toggle", (event) => event.newState === "open" && begin());
  list.addEventListener("click", (event) => event.target.closest("a") && close());
  matchMedia("(min-width: 62rem)").addEventListener("change", close);
})();
