// Checklists: what stands in a list of the class `checklist` can be ticked off. Ticks are kept by the browser, on this
// device, a set for each page; they can be taken out as CSV and as Markdown, printed, and reset. Without scripts it is a
// list with boxes to print. An item is known by the `data-item` of its words, so that they can change, or else by the
// words; its group is the paragraph before it in the list, its part the heading before that.
(() => {
  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const words = (node) => node.textContent.trim().replace(/\s+/g, " ");
  const title = (heading) => {
    const copy = heading.cloneNode(true);
    copy.querySelectorAll(".header-section-number, .chapter-number, .anchorjs-link").forEach((one) => one.remove());
    return words(copy);
  };

  // The items in their order, each with the part and the group that it stands in
  const items = [];
  let part = "", group = "";
  for (const node of document.querySelectorAll("main :is(h1, h2, h3, h4, h5, h6), .checklist > p, .checklist li:not(:has(li))")) {
    if (/^H\d$/.test(node.tagName)) [part, group] = [title(node), ""];
    else if (node.tagName === "P") group = words(node);
    else {
      const named = node.querySelector("[data-item]");
      items.push({ node, part, group, text: words(named ?? node), key: named?.dataset.item ?? words(node) });
    }
  }
  if (!items.length) return;

  // What is ticked, of this page; what is ticked and no longer on the page stays kept
  const KEY = `report-checklist ${location.pathname.split("/").pop()}`;
  const remembered = () => {
    try { return new Set([JSON.parse(localStorage.getItem(KEY))].filter(Array.isArray).flat()); } catch { return new Set(); }
  };
  let ticked = remembered(), undone = null;
  const remember = () => {
    try { localStorage.setItem(KEY, JSON.stringify([...ticked])); return true; } catch { return false; }
  };
  const kept = remember();

  for (const item of items) {
    item.box = make("input", { type: "checkbox" });
    const within = [...item.node.childNodes].filter((one) => !(one instanceof Element && one.matches("ul, ol")));
    item.node.prepend(make("label", {}, item.box, make("span", {}, ...within)));
    item.box.addEventListener("change", () => {
      if (item.box.checked) ticked.add(item.key); else ticked.delete(item.key);
      undone = null;
      show(remember());
    });
  }

  const csv = (cell) => `"${cell.replaceAll('"', '""')}"`;
  const asCsv = () => [["Part", "Group", "Item", "In place"], ...items.map(({ part, group, text, key }) =>
    [part, group, text, ticked.has(key) ? "yes" : "no"])].map((row) => row.map(csv).join(",")).join("\r\n") + "\r\n";
  const asMarkdown = () => items.reduce(({ lines, before }, { part, group, text, key }) => {
    if (part !== before.part) lines.push("", `## ${part}`);
    if (group && (part !== before.part || group !== before.group)) lines.push("", `**${group}**`);
    if (part !== before.part || group !== before.group) lines.push("");
    lines.push(`- [${ticked.has(key) ? "x" : " "}] ${text}`);
    return { lines, before: { part, group } };
  }, { lines: [`# ${title(document.querySelector("h1"))}`], before: {} }).lines.join("\n") + "\n";
  const save = (content, type, end) => {
    const address = URL.createObjectURL(new Blob([content], { type }));
    make("a", { href: address, download: `${location.pathname.split("/").pop().replace(/\.html?$/, "") || "checklist"}.${end}` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  };

  const count = make("strong", {}), told = make("p", {}, count, " ");
  told.setAttribute("role", "status");
  const where = make("span", {});
  told.append(where);
  const button = (textContent, action) => {
    const made = make("button", { type: "button", textContent });
    made.addEventListener("click", action);
    return made;
  };
  const reset = button("Reset", () => {
    const own = items.map(({ key }) => key).filter((key) => ticked.has(key));
    if (undone) undone.forEach((key) => ticked.add(key)); else own.forEach((key) => ticked.delete(key));
    undone = undone ? null : own;
    show(remember());
  });
  const tools = make("div", { className: "checklist-tools" }, told,
    button("Save as CSV", () => save(`\ufeff${asCsv()}`, "text/csv;charset=utf-8", "csv")),  // with the mark by which Excel knows UTF-8
    button("Save as Markdown", () => save(asMarkdown(), "text/markdown;charset=utf-8", "md")),
    button("Print", () => print()), reset);
  tools.setAttribute("role", "group");
  tools.setAttribute("aria-label", "Checklist");

  function show(stays) {
    const done = items.filter(({ key }) => ticked.has(key)).length;
    for (const { box, key } of items) box.checked = ticked.has(key);
    count.textContent = `${done} of ${items.length} ticked.`;
    where.textContent = stays ? "Ticks are kept in this browser, on this device."
      : "This browser keeps no ticks: they are gone when you leave the page. Save them first.";
    reset.textContent = undone ? "Undo reset" : "Reset";
    reset.disabled = !done && !undone;
  }
  show(kept);
  document.querySelectorAll(".checklist").forEach((list) => { list.dataset.ticks = ""; });
  items[0].node.closest(".checklist").before(tools);
  addEventListener("storage", (event) => {
    if (event.key !== KEY) return;
    [ticked, undone] = [remembered(), null];
    show(true);
  });
})();
