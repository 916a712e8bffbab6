// The list of chapters begins where the reader is: a long one is scrolled to this page before anything is painted.
(() => {
  const list = document.getElementById("quarto-sidebar");
  const current = list?.querySelector("a.active");
  if (!current) return;
  const [frame, mark] = [list.getBoundingClientRect(), current.getBoundingClientRect()];
  const [top, bottom] = [Math.max(frame.top, 0), Math.min(frame.bottom, innerHeight)];
  if (mark.top < top || mark.bottom > bottom) list.scrollTop += (mark.top + mark.bottom - top - bottom) / 2;
})();
