// What a mark stands for: the row of the figure's table that it shows, beside it, at a pointer, a touch or by arrow keys.
// A drawing says in `data-bands` where the marks of each row lie. The words are those of the table, so people who hear
// the page are told the name of the picture and the table, and these not once more.
(() => {
  const APART = 14;  // px between a place and the words on it
  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const tip = make("div", { className: "mark-tip" });
  tip.setAttribute("aria-hidden", "true");
  const band = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  band.setAttribute("class", "mark-band");
  const hide = () => { tip.remove(); band.remove(); };

  // The name of a row, what all its values are, and its numbers
  const told = (row, label) => [
    make("p", {}, row.cells[0].textContent),
    ...(label ? [make("p", { className: "caption-label" }, label)] : []),
    make("dl", {}, ...[...row.querySelectorAll("td.number")].flatMap((cell) => [
      make("dt", {}, cell.dataset.column), make("dd", {}, cell.textContent)])),
  ];

  // Beside a place where there is room, right or left; else below the band, or above it at the end of the window
  const put = (frame, { left, right, middle }) => {
    tip.style.left = tip.style.top = "0";
    const [{ width, height }, lit] = [tip.getBoundingClientRect(), band.getBoundingClientRect()];
    let [x, y] = [right + APART, middle - height / 2];
    if (x + width > frame.right) x = left - APART - width;
    if (x < frame.left) {
      x = Math.max(frame.left, Math.min((lit.left + lit.right - width) / 2, frame.right - width));
      y = lit.bottom + APART + height > innerHeight ? lit.top - APART / 2 - height : lit.bottom + APART / 2;
    }
    tip.style.left = `${x - frame.left}px`;
    tip.style.top = `${y - frame.top}px`;
  };

  const readable = (drawing, figure, rows) => {
    const [axis, start, step] = drawing.dataset.bands.split(" ").map((part, place) => (place ? Number(part) : part));
    const upright = axis === "y", { x, y, width, height } = drawing.viewBox.baseVal;
    let at = 0;

    const show = (number, pointer) => {
      if (number === at && tip.previousSibling === drawing && pointer) return;  // stays where it can be reached
      at = number;
      const area = upright ? { x, width, y: start + at * step, height: step } : { x: start + at * step, width: step, y: 0, height: y + height };
      for (const [name, value] of Object.entries(area)) band.setAttribute(name, value);
      drawing.prepend(band);
      tip.replaceChildren(...told(rows[at], figure.dataset.label));
      drawing.after(tip);
      const { left, right, top, bottom } = band.getBoundingClientRect();
      const middle = (top + bottom) / 2;
      put(figure.getBoundingClientRect(), pointer ? { left: pointer.clientX, right: pointer.clientX, middle: upright ? middle : pointer.clientY }
        : { left, right, middle });
    };
    const point = (event) => {
      const box = drawing.getBoundingClientRect(), scale = width / box.width;
      const along = upright ? y + (event.clientY - box.top) * scale : x + (event.clientX - box.left) * scale;
      const number = Math.floor((along - start) / step);
      if (number in rows) show(number, event.pointerType === "touch" ? null : event); else hide();
    };

    drawing.setAttribute("tabindex", "0");
    drawing.addEventListener("pointermove", (event) => event.pointerType !== "touch" && point(event));
    drawing.addEventListener("pointerup", (event) => event.pointerType === "touch" && point(event));
    drawing.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && !tip.contains(event.relatedTarget) && hide());
    drawing.addEventListener("focus", () => drawing.matches(":focus-visible") && show(at));
    drawing.addEventListener("blur", hide);
    drawing.addEventListener("keydown", (event) => {
      const wanted = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: rows.length - 1 }[event.key];
      if (wanted === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      show(Math.max(0, Math.min(wanted, rows.length - 1)));
    });
  };

  for (const drawing of document.querySelectorAll(".report-figure:has(details table) svg[data-bands]")) {
    const figure = drawing.closest(".report-figure");
    readable(drawing, figure, [...figure.querySelector("details table").tBodies[0].rows]);
  }
  tip.addEventListener("pointerleave", (event) => !event.relatedTarget?.closest("svg[data-bands]") && hide());
  document.addEventListener("pointerdown", (event) => !event.target.closest("svg[data-bands], .mark-tip") && hide());
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  addEventListener("resize", hide);
})();
