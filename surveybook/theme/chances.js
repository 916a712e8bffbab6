// What 100 surveys would find, for the hypothesis, the strength and the number of people that a reader chooses. Without
// scripts the drawing of the case at hand stands; this one has the same places, so that it prints alike. The cases, and
// the sentences that are filled in, come from surveybook/survey/evidence/chances.py. It runs before marks.js, which
// tells the rows of the table beside the curve.
(() => {
  const WIDTHS = { wide: 680, narrow: 330 }, EDGE = 4, SQUARE = 12, STEP = 15, TOP = 26, SIDE = 150, LEFT = 42, HIGH = 184;  // px
  const SIMULATED = "var(--figure-simulated, #86287a)", MUTED = "var(--figure-muted, #5b6673)", LINE = "var(--figure-line, #d5dae0)";
  const PAPER = "var(--figure-paper, #ffffff)", MIDDLE = "var(--figure-middle, #8b95a1)", SECOND = "var(--figure-second, #b45309)";
  const INK = "var(--figure-ink, #1c2530)";
  const LOOKS = { found: [SIMULATED, SIMULATED], open: [PAPER, MUTED], small: [MIDDLE, MIDDLE], opposite: [PAPER, SECOND] };  // fill and outline
  const ENDS = Object.keys(LOOKS);  // in the order of the counts of a case
  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const draw = (tag, attributes, ...children) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };
  const written = (x, y, words, more = {}) => draw("text", { x, y, "dominant-baseline": "middle", "font-size": "12.5px", fill: INK, ...more }, words);
  const whole = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ",");
  const fill = (template, slots) => template.replace(/\{(\w+)\}/g, (_, name) => slots[name]);
  const listing = (words) => (words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${words.at(-1)}` : words.join(""));
  const first = (words) => words[0].toUpperCase() + words.slice(1);

  // --- numbers, all from whole counts
  const counts = (cell) => Object.fromEntries(ENDS.map((end, place) => [end, cell[place]]));
  const total = (cell) => cell[0] + cell[1] + cell[2] + cell[3];
  const half_up = (count, of, parts) => Math.floor((2 * parts * count + of) / (2 * of));
  const tenth = (tenths) => `${(tenths / 10).toFixed(1)}%`;
  const percent = (count, of) => (count && 200 * count < of ? "under 1%" : count < of && 200 * count >= 199 * of ? "over 99%" : `${half_up(count, of, 100)}%`);
  // As parts of 100: the first one rounded as everywhere, the others by the largest remainders
  const hundred = (cell) => {
    const of = total(cell), parts = [half_up(cell[0], of, 100), ...cell.slice(1, 4).map((count) => Math.floor(100 * count / of))];
    const rest = [1, 2, 3].sort((a, b) => (100 * cell[b]) % of - (100 * cell[a]) % of);
    rest.slice(0, 100 - parts.reduce((sum, part) => sum + part)).forEach((place) => { parts[place] += 1; });
    return parts;
  };
  const digits = (cell) => hundred(cell).map((part, place) =>
    (!cell[place] ? "none" : !part ? "under 1" : part === 100 && cell[place] < total(cell) ? "over 99" : String(part)));

  // --- sentences
  const condition = ({ templates }, claim, strength) => fill(strength ? templates.there : templates.nothing, { ...claim, size: claim.sizes[strength] });
  const surveys = ({ ends, single, templates }, claim, strength, n, cell) => fill(templates.surveys, { n: whole(n), ends: listing(
    ENDS.map((end, place) => [end, digits(cell)[place]]).filter(([end]) => claim.ends.includes(end))
      .map(([end, count]) => `${count} ${ends[end][strength ? 1 : 2][single.includes(count) ? 0 : 1]}`)) });
  const how_many = ({ sizes, target, targeted, templates }, claim, strength) => {
    if (!strength && !claim.bounded) return claim.interest;
    const counted = strength ? 0 : 2, rates = claim.surveys[strength].map((cell) => percent(cell[counted], total(cell)));
    const enough = claim.surveys[strength].findIndex((cell) => cell[counted] / total(cell) >= target);
    const place = enough < 0 ? sizes.length - 1 : enough, before = Math.max(0, place - 1);
    const told = fill(templates[enough < 0 ? "never" : enough ? "enough" : "first"], {
      aim: strength ? templates.find : templates.rule_out, target: targeted, n: whole(sizes[place]), rate: rates[place],
      before: whole(sizes[before]), rate_before: rates[before],
    });
    return `${told} ${claim.interest}`;
  };
  // The places of the numbers of respondents that say something of a number: itself, those around it, or the nearest
  const near = (sizes, n) => {
    const [low, high] = [sizes.findLastIndex((size) => size <= n), sizes.findIndex((size) => size >= n)];
    return [...new Set([low, high])].filter((place) => place >= 0);
  };

  // --- the drawing
  const square = (x, y, end) => {
    const [inside, stroke] = LOOKS[end], across = (at) => draw("line", { x1: x, y1: y + at, x2: x + SQUARE, y2: y + at, stroke: PAPER, "stroke-width": 1.5 });
    return draw("g", {}, draw("rect", { x, y, width: SQUARE, height: SQUARE, fill: inside, stroke }), ...(inside === PAPER ? [] : [across(5), across(10)]),
      ...(end === "opposite" ? [draw("path", { d: `M${x} ${y}l${SQUARE} ${SQUARE}`, stroke, "stroke-width": 1.5 })] : []));
  };
  const squares = ({ templates, ends }, claim, n, cell, wide) => {
    const parts = hundred(cell), all = ENDS.flatMap((end, place) => Array(parts[place]).fill(end));
    const [left, top] = wide ? [0, TOP + SIDE + 16] : [SIDE + 16, TOP + 10];
    return [
      written(0, 10, fill(templates.heading, { n: whole(n) }), { fill: SIMULATED }),
      ...all.map((end, place) => square(place % 10 * STEP, TOP + Math.floor(place / 10) * STEP, end)),
      ...claim.ends.flatMap((end, row) => [square(left, top + row * 18 - SQUARE / 2, end),
        written(left + 20, top + row * 18, `${first(ends[end][0])}: ${digits(cell)[ENDS.indexOf(end)]}`)]),
    ];
  };
  const places = (sizes, width) => sizes.map((n) => LEFT + 10 + Math.log(n / sizes[0]) / (Math.log(sizes.at(-1) / sizes[0]) || 1) * (width - LEFT - 24));
  const height = (share) => TOP + HIGH * (1 - share);
  const curve = ({ sizes, target, targeted, templates }, cells, chosen, width) => {
    const at = places(sizes, width), shares = cells.map((cell) => cell[0] / total(cell));
    return [
      written(0, 10, templates.curve),
      ...[[0, "0%"], [target, targeted], [1, "100%"]].flatMap(([share, said]) => [
        draw("path", { d: `M${LEFT} ${height(share)}H${width}`, ...(share === target ? { stroke: MUTED, "stroke-dasharray": "8 8" } : { stroke: LINE }) }), written(LEFT - 6, height(share), said, { "text-anchor": "end", fill: MUTED })]),
      draw("path", { d: `M${at.map((x, place) => `${x} ${height(shares[place])}`).join("L")}`, stroke: MUTED, fill: "none" }),
      ...at.flatMap((x, place) => [
        draw("path", { d: `M${x} ${height(cells[place][4] / 1000)}V${height(cells[place][5] / 1000)}`, stroke: SIMULATED, "stroke-width": 2 }),
        draw("circle", { cx: x, cy: height(shares[place]), r: chosen.includes(place) ? 5.4 : 3.4, fill: PAPER, stroke: SIMULATED, "stroke-width": 2 }),
        written(x, TOP + HIGH + 14, whole(sizes[place]), { "text-anchor": "middle", ...(chosen.includes(place) ? { "font-weight": "bold", fill: SIMULATED } : { fill: MUTED }) }),
      ]),
      written((LEFT + width) / 2, TOP + HIGH + 32, "respondents", { "text-anchor": "middle", fill: MUTED }),
    ];
  };
  // Where the curve stands, how wide and high all of it is, and where its columns are
  const measures = (sizes, kind) => {
    const wide = kind === "wide", [left, top] = wide ? [SIDE + 70, 0] : [0, TOP + SIDE + 26], width = WIDTHS[kind] - 2 * EDGE - left - 14;
    const at = places(sizes, width), ends = [LEFT / 2, ...at.slice(1).map((x, place) => (at[place] + x) / 2), width];
    const bands = at.map((_, place) => [ends[place] + left, TOP + top, ends[place + 1] + left, TOP + top + HIGH].map((one) => Math.round(one + EDGE)));
    return { wide, left, top, width, bands, high: top + TOP + HIGH + 46 + 2 * EDGE };
  };
  // What the values are, behind all marks, so that whatever is cut out of it says so too
  const behind = (label, width, high) => {
    const [columns, lines] = [170, 60].map((apart, side) => Math.max(1, Math.round([width, high][side] / apart)));
    const at = (place) => ({ x: (place % columns + [0.5, 0.4, 0.6][Math.floor(place / columns) % 3]) * width / columns, y: (Math.floor(place / columns) + 0.5) * high / lines });
    return draw("g", { fill: SIMULATED, "fill-opacity": 0.24, "font-size": "12.5px", "font-weight": "bold", "text-anchor": "middle" },
      ...Array.from({ length: columns * lines }, (_, place) => draw("text", at(place), label)));
  };

  // --- what a reader chooses
  const install = (box) => {
    const address = window.reportAddress, figure = box.closest(".report-figure"), figure_id = address.of(figure), cases = JSON.parse(box.querySelector("script").textContent), { sizes, claims } = cases;
    const rows = [...figure.querySelector("details table").tBodies[0].rows];
    const labelled = (words, input, ...more) => make("label", {}, make("span", {}, words), input, ...more);
    const claim = make("select", {}, ...[...new Set(claims.map(({ family }) => family))].map((label) =>
      make("optgroup", { label }, ...claims.filter(({ family }) => family === label).map((one) => new Option(one.claim, claims.indexOf(one))))));
    const strength = make("input", { type: "range", min: 0, step: 1 }), size = make("output");
    const step = make("input", { type: "range", min: 0, max: sizes.length - 1, step: 1 }), number = make("output");
    const own = make("input", { type: "number", min: 1, step: 1, inputMode: "numeric", value: cases.own });
    const tools = make("div", { className: "chances-tools needs-scripts" }, labelled("Claim", claim), labelled("True size", strength, size),
      labelled("Respondents", step, number), labelled("or any number", own));
    tools.setAttribute("role", "group");
    tools.setAttribute("aria-label", "Choose a survey");
    const drawings = Object.keys(WIDTHS).map((kind) => {
      const { bands, high } = measures(sizes, kind);
      return draw("svg", { class: kind, role: "img", viewBox: `0 0 ${WIDTHS[kind]} ${high}`, width: WIDTHS[kind], height: high, "data-bands": bands.flat().join(" ") });
    });
    const before = [...figure.querySelectorAll(":scope > svg")], described = before[0]?.getAttribute("aria-describedby");
    if (described) drawings.forEach((drawing) => drawing.setAttribute("aria-describedby", described));
    before.at(-1).after(...drawings);
    before.forEach((drawing) => drawing.remove());
    box.before(tools);
    box.setAttribute("aria-live", "polite");
    box.setAttribute("aria-atomic", "true");

    const show = () => {
      const chosen = claims[claim.value], cells = chosen.surveys[strength.value], n = Math.max(1, Math.round(Number(own.value)) || cases.own);
      const about = near(sizes, n), there = Number(strength.value), { templates } = cases;
      const off = sizes.includes(n) ? "" : `${fill(about.length > 1 ? templates.between : templates.beyond, { n: whole(n), low: whole(sizes[about[0]]), high: whole(sizes[about.at(-1)]) })} `;
      const found = about.map((place) => surveys(cases, chosen, there, sizes[place], cells[place])).map((words, place) => (place ? first(words) : words));
      const said = [`“${chosen.claim}” ${off}${condition(cases, chosen, there)} ${found.join(" ")}`, how_many(cases, chosen, there)];
      box.replaceChildren(...said.map((words) => make("p", {}, words)));
      figure.querySelector(".told")?.replaceChildren(said.join(" "));
      size.value = there ? chosen.sizes[there] : "no relation";
      number.value = whole(sizes[about[0]]);
      strength.setAttribute("aria-valuetext", there ? `${size.value}, ${chosen.measure}` : size.value);
      step.setAttribute("aria-valuetext", `${number.value} respondents`);
      rows.forEach((row, place) => [...row.querySelectorAll("td")].forEach((td, column) => {
        const cell = cells[place], share = tenth(half_up(cell[column], total(cell), 1000));
        td.textContent = !chosen.ends.includes(ENDS[column]) ? "–" : column ? share : `${share} (${tenth(cell[4])} to ${tenth(cell[5])})`;
      }));
      drawings.forEach((drawing) => {
        const { wide, left, top, width, high } = measures(sizes, drawing.getAttribute("class")), { label } = figure.dataset;
        drawing.setAttribute("aria-label", `${label ? `${label}. ` : ""}${fill(templates.picture, { claim: chosen.claim, sizes: sizes.length })}`);
        drawing.replaceChildren(...(label ? [behind(label, Number(drawing.getAttribute("width")), high)] : []),
          draw("g", { transform: `translate(${EDGE} ${EDGE})` }, ...squares(cases, chosen, sizes[about[0]], cells[about[0]], wide)),
          draw("g", { transform: `translate(${EDGE + left} ${EDGE + top})` }, ...curve(cases, cells, about, width)));
      });
    };
    const choose = () => {
      strength.max = claims[claim.value].sizes.length - 1;
      show();
    };
    // what the address names, or else the case at hand
    const kept = { claim: [() => claims[claim.value].name, claims[cases.start[0]].name], size: [() => strength.value, String(cases.start[1])], n: [() => own.value, String(cases.own)] };
    const asked = (name) => address.read(`${figure_id}.${name}`) || kept[name][1];
    const keep = () => Object.entries(kept).forEach(([name, [value, usual]]) => address.write(`${figure_id}.${name}`, value() === usual ? "" : value(), figure_id));
    claim.value = Math.max(0, claims.findIndex(({ name }) => name === asked("claim")));
    strength.max = claims[claim.value].sizes.length - 1;
    strength.value = asked("size");
    own.value = Number(asked("n")) > 0 ? asked("n") : cases.own;
    step.value = near(sizes, Number(own.value))[0];
    tools.addEventListener("change", keep);
    claim.addEventListener("input", choose);
    strength.addEventListener("input", show);
    step.addEventListener("input", () => { own.value = sizes[step.value]; show(); });
    own.addEventListener("input", () => { step.value = near(sizes, Number(own.value) || cases.own)[0]; show(); });
    show();
    // a browser that goes back puts in what was chosen
    addEventListener("pageshow", () => { if (Number(claim.value) !== cases.start[0] || Number(strength.value) !== cases.start[1] || Number(own.value) !== cases.own) choose(); });
  };
  document.querySelectorAll('.report-choices[data-script="chances"]').forEach(install);
})();
