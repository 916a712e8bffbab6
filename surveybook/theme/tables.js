// Sort any table by any of its columns, and filter long ones, with pointer, touch or keyboard. Without scripts they are
// just tables.
(() => {
  const FEW_ROWS = 6, MANY_ROWS = 12;  // fewer need no order; more can be filtered
  const FEW_VALUES = 8, SHORT = 60;    // a column of few, short values gets a list to choose from
  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const words = (node) => node.textContent.trim().replace(/\s+/g, " ");
  // What a cell says, and on each line below; the title of its column names them all: “Verdict, published outcome”
  const lines = (cell) => {
    const below = [...cell.querySelectorAll(".place")].map(words), whole = words(cell);
    return [whole.slice(0, whole.length - below.join(" ").length).trim(), ...below];
  };
  const isNumeric = (title) => title.classList.contains("number");
  const address = window.reportAddress;
  // What the choices of a table are called in the address: by the figure or table, and its place where there are several
  const named = (table) => {
    const place = address.of(table), all = [...document.querySelectorAll(".table-scroll table")].filter((one) => address.of(one) === place);
    return all.length > 1 ? `${place}-${all.indexOf(table) + 1}` : place;
  };

  // What stands above a table to work on its rows
  const tools = (table) => {
    const region = table.closest(".table-scroll"), before = region.previousElementSibling;
    if (before?.matches(".table-tools")) return before;
    const made = make("div", { className: "table-tools" });
    made.setAttribute("role", "group");
    made.setAttribute("aria-label", `Rows of: ${region.getAttribute("aria-label")}`);
    region.before(made);
    return made;
  };

  // The first number of a cell, or none; what is only known to be below it comes just before it
  const number = (text) => {
    const found = text.replace(/−/g, "-").replace(/,/g, "").match(/-?\d+(\.\d+)?/);
    return found ? Number(found[0]) - (/[<≤]/.test(text) ? 1e-9 : 0) : null;
  };

  // Rows by the values of a column; those without one come last, in either direction
  const sorted = (rows, column, numeric, turn) => {
    const keyed = rows.map((row) => [words(row.cells[column]), row]).map(([text, row]) => [numeric ? number(text) : text || null, row]);
    const compare = numeric ? (a, b) => a - b : new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
    const [known, unknown] = [keyed.filter(([key]) => key !== null), keyed.filter(([key]) => key === null)];
    return [...known.sort(([a], [b]) => turn * compare(a, b)), ...unknown].map(([, row]) => row);
  };

  const ORDERS = { ascending: "↑", descending: "↓" };

  // By a button in each title; where rows stand one below the other and have no titles, by a list, too
  const sortable = (table, rows) => {
    const titles = [...table.tHead.rows[0].cells].filter((title) => !title.querySelector("a, button"));  // nothing of its own to press
    const list = make("select", {}, new Option("as written", ""), ...titles.flatMap((title) =>
      Object.entries(ORDERS).map(([order, arrow]) => new Option(`${words(title)} ${arrow}`, `${title.cellIndex} ${order}`))));
    const sort = (title, order) => {
      titles.forEach((other) => other.removeAttribute("aria-sort"));
      if (order) title.setAttribute("aria-sort", order);
      list.value = order ? `${title.cellIndex} ${order}` : "";
      address.write(`${named(table)}.sort`, list.value, address.of(table));
      table.tBodies[0].append(...(order ? sorted(rows, title.cellIndex, isNumeric(title), order === "ascending" ? 1 : -1) : rows));
    };
    for (const title of titles) {
      const button = make("button", { type: "button", className: "table-sort" }, ...title.childNodes);
      title.append(button);
      // ascending, descending, and as it was
      button.addEventListener("click", () => sort(title, { null: "ascending", ascending: "descending" }[title.getAttribute("aria-sort")]));
    }
    list.addEventListener("change", () => {
      const [column, order] = list.value.split(" ");
      sort(table.tHead.rows[0].cells[column], order);
    });
    if (address.choose(list, address.read(`${named(table)}.sort`))) list.dispatchEvent(new Event("change"));
    addEventListener("pageshow", () => { if (list.value) list.dispatchEvent(new Event("change")); });  // a browser that goes back puts in what was chosen
    if (table.closest(".stacked")) tools(table).append(make("label", { className: "sort-by" }, "Sort by", list));
  };

  const filterable = (table, rows) => {
    const field = make("input", { type: "search", autocomplete: "off" });
    const lists = [...table.tHead.rows[0].cells].filter((title) => !isNumeric(title)).flatMap((title) =>
      words(title).split(", ").flatMap((name, line) => {
        const value = (row) => lines(row.cells[title.cellIndex])[line] ?? "";
        const values = [...new Set(rows.map(value))].filter(Boolean).sort();
        const fits = values.length > 1 && values.length <= FEW_VALUES && values.every((one) => one.length <= SHORT && !/^[\d−]/.test(one));
        if (!fits) return [];
        return [{ name: name[0].toUpperCase() + name.slice(1), value, list: make("select", {}, new Option("all", ""), ...values.map((one) => new Option(one))) }];
      }));
    const count = make("p", {});
    count.setAttribute("role", "status");
    const show = () => {
      const wanted = field.value.trim().toLowerCase();
      for (const row of rows) {
        row.hidden = !words(row).toLowerCase().includes(wanted)
          || lists.some(({ list, value }) => list.value && value(row) !== list.value);
      }
      const left = rows.filter((row) => !row.hidden).length;
      count.textContent = left === rows.length ? "" : `${left} of ${rows.length} rows`;
    };
    tools(table).append(make("label", {}, "Find a row", field), ...lists.map(({ name, list }) => make("label", {}, name, list)), count);
    tools(table).addEventListener("input", show);
    const kept = [["find", field], ...lists.map(({ name, list }) => [name.toLowerCase().replaceAll(" ", "-"), list])];
    for (const [name, control] of kept) {
      const key = `${named(table)}.${name}`, asked = address.read(key);
      if (control === field) field.value = asked; else address.choose(control, asked);
      control.addEventListener("change", () => address.write(key, control.value.trim(), address.of(table)));
    }
    const chosen = () => {
      if (!kept.some(([, control]) => control.value)) return;
      table.closest("details")?.toggleAttribute("open", true);
      show();
    };
    chosen();
    addEventListener("pageshow", chosen);
  };

  for (const table of document.querySelectorAll(".table-scroll table")) {
    const rows = [...(table.tBodies[0]?.rows ?? [])];
    const plain = table.tHead && table.tBodies.length === 1 && rows.every((row) => row.cells.length === table.tHead.rows[0].cells.length);
    const facts = table.tHead?.rows[0].cells.length === 2 && table.closest(".stacked");
    if (!plain || facts) continue;  // cells over several columns have no order; a list of facts has its own
    if (rows.length > MANY_ROWS) filterable(table, rows);
    if (rows.length >= FEW_ROWS) sortable(table, rows);
  }
})();
