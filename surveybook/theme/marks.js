// What a mark stands for: the row of the figure's table that it shows, below the drawing, at a pointer, a touch or by arrow
// keys. A drawing says in `data-bands` where they lie: left, top, right and bottom of one area for each row in the order
// of the table, or for each of its first numbers. The words are those of the table, so people who hear the page are told
// the name of the picture and the table, and a row of it once more only where their arrow keys lead to it.
(() => {
  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const tip = make("div", { className: "mark-tip" });
  tip.setAttribute("aria-hidden", "true");
  const band = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  band.setAttribute("class", "mark-band");
  const spoken = make("p", { className: "mark-spoken" });
  spoken.setAttribute("role", "status");
  document.body.append(spoken);
  const hide = () => { tip.remove(); band.remove(); spoken.textContent = ""; };

  // The name of a row, what all its values are, and its values: of the first numbers, each with a mark of its own, one
  const told = (row, label, { of, mark }) => [
    make("p", {}, row.cells[0].textContent),
    ...(label ? [make("p", { className: "caption-label" }, label)] : []),
    make("dl", {}, ...[...row.querySelectorAll("td:not(:has(.asked))")].filter((_, place) => of === 1 || place === mark || place >= of)
      .map((cell) => make("div", {}, make("dt", {}, cell.dataset.column), " ", make("dd", {}, cell.textContent)))),
  ];

  // Below the drawing, or at the end of the window where the drawing goes on, so that no mark beside it is covered; at the
  // beginning of the window where this would cover the mark itself
  const put = (frame, drawing) => {
    const { height } = tip.getBoundingClientRect(), lit = band.getBoundingClientRect();
    const bar = Number.parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0;
    let y = Math.min(drawing.bottom, innerHeight - height);
    if (y < lit.bottom - 1) y = Math.max(drawing.top - height, bar);
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

    const show = (mark) => {
      at = mark;
      const [width, height] = [at.right - at.left, at.bottom - at.top];
      for (const [name, value] of Object.entries({ x: at.left, y: at.top, width, height })) band.setAttribute(name, value);
      drawing.append(band);
      tip.replaceChildren(...told(rows[at.row], figure.dataset.label, at));
      drawing.after(tip);
      put(figure.getBoundingClientRect(), drawing.getBoundingClientRect());
    };
    const say = () => { spoken.textContent = [...tip.querySelectorAll("p, dl > div")].map((one) => one.textContent).join("; "); };
    const point = (event) => {
      const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(drawing.getScreenCTM().inverse());
      const found = marks.find(({ left, top, right, bottom }) => x >= left && x < right && y >= top && y < bottom);
      if (found) show(found); else if (event.pointerType === "touch") hide();  // between marks the words stay, to be reached
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
      say();
    });
  };

  // The table of the same people as the drawing
  const tableOf = (drawing, figure) => {
    const of = drawing.closest(".drawn")?.dataset.of, tables = [...figure.querySelectorAll("details table")];
    return tables.find((table) => of && table.closest(".reading")?.dataset.of === of) ?? tables[0];
  };
  for (const drawing of document.querySelectorAll(".report-figure:has(details table) svg[data-bands]")) {
    const figure = drawing.closest(".report-figure");
    readable(drawing, figure, [...tableOf(drawing, figure).tBodies[0].rows]);
    figure.addEventListener("reading", hide);
  }
  tip.addEventListener("pointerleave", (event) => !event.relatedTarget?.closest("svg[data-bands]") && hide());
  document.addEventListener("pointerdown", (event) => !event.target.closest("svg[data-bands], .mark-tip") && hide());
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  addEventListener("resize", hide);
})();
