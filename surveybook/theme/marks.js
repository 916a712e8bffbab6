// What a mark stands for: the row of the figure's table that it shows, beside it, at a pointer, a touch or by arrow keys.
// A drawing says in `data-bands` where they lie: left, top, right and bottom of one area for each row in the order of the
// table, or for each of its first numbers. The words are those of the table, so people who hear the page are told the
// name of the picture and the table, and these not once more.
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

  // The name of a row, what all its values are, and its values: of the first numbers, each with a mark of its own, one
  const told = (row, label, { of, mark }) => [
    make("p", {}, row.cells[0].textContent),
    ...(label ? [make("p", { className: "caption-label" }, label)] : []),
    make("dl", {}, ...[...row.querySelectorAll("td:not(:has(.asked))")].filter((_, place) => of === 1 || place === mark || place >= of)
      .flatMap((cell) => [make("dt", {}, cell.dataset.column), make("dd", {}, cell.textContent)])),
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

  // Where the marks are, from the top left on, with the place of their row in the table and their place in it
  const areas = (bands, rows) => {
    const places = bands.split(" ").map(Number), of = Math.ceil(places.length / 4 / rows);
    return Array.from({ length: places.length / 4 }, (_, place) => {
      const [left, top, right, bottom] = places.slice(4 * place);
      return { left, top, right, bottom, row: Math.floor(place / of), mark: place % of, of };
    }).filter(({ left, right }) => left < right).sort((a, b) => a.top - b.top || a.left - b.left);
  };

  const readable = (drawing, figure, rows) => {
    const marks = areas(drawing.dataset.bands, rows.length);
    if (!marks.length) return;
    let at = marks[0];

    const show = (mark, pointer) => {
      if (mark === at && tip.previousSibling === drawing && pointer) return;  // stays where it can be reached
      at = mark;
      const [width, height] = [at.right - at.left, at.bottom - at.top];
      for (const [name, value] of Object.entries({ x: at.left, y: at.top, width, height })) band.setAttribute(name, value);
      drawing.append(band);
      tip.replaceChildren(...told(rows[at.row], figure.dataset.label, at));
      drawing.after(tip);
      const { left, right, top, bottom } = band.getBoundingClientRect();
      const middle = (top + bottom) / 2;
      put(figure.getBoundingClientRect(), pointer ? { left: pointer.clientX, right: pointer.clientX, middle: width > height ? middle : pointer.clientY }
        : { left, right, middle });
    };
    const point = (event) => {
      const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(drawing.getScreenCTM().inverse());
      const found = marks.find(({ left, top, right, bottom }) => x >= left && x < right && y >= top && y < bottom);
      if (found) show(found, event.pointerType === "touch" ? null : event); else hide();
    };
    // The next mark above (-1) or below (1), the nearest of those side by side
    const beyond = (way) => marks.filter(({ top }) => way * (top - at.top) > 0)
      .sort((a, b) => way * (a.top - b.top) || Math.abs(a.left - at.left) - Math.abs(b.left - at.left))[0];
    const beside = (way) => marks[marks.indexOf(at) + way];

    drawing.setAttribute("tabindex", "0");
    drawing.addEventListener("pointermove", (event) => event.pointerType !== "touch" && point(event));
    drawing.addEventListener("pointerup", (event) => event.pointerType === "touch" && point(event));
    drawing.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && !tip.contains(event.relatedTarget) && hide());
    drawing.addEventListener("focus", () => drawing.matches(":focus-visible") && show(at));
    drawing.addEventListener("blur", hide);
    drawing.addEventListener("keydown", (event) => {
      const wanted = {
        ArrowDown: () => beyond(1), ArrowUp: () => beyond(-1), ArrowRight: () => beside(1), ArrowLeft: () => beside(-1),
        Home: () => marks[0], End: () => marks.at(-1),
      }[event.key];
      if (!wanted || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      show(wanted() ?? at);
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
