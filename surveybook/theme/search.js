// Search over the whole report. The index and the engine are loaded when somebody begins to search, from the site's own
// files, as scripts: that works from a folder as well.
(() => {
  const box = document.querySelector(".report-search");
  if (!box) return;
  const root = box.dataset.root;
  const [input, count, list] = ["input", ".report-search-count", ".report-search-results"].map((s) => box.querySelector(s));
  const SHOWN = 12, AROUND = 90;
  let engine;

  const script = (path) => new Promise((done, failed) => {
    const element = document.createElement("script");
    Object.assign(element, { src: root + path, onload: done, onerror: () => failed(new Error(path)) });
    document.head.append(element);
  });

  const ready = () => (engine ??= Promise.all([script("theme/vendor/minisearch.js"), script("search-index.js")]).then(() => {
    const made = new MiniSearch({
      fields: ["section", "title", "text"],
      storeFields: ["href", "title", "section", "text", "label"],
      searchOptions: { boost: { section: 4, title: 3 }, prefix: true, fuzzy: (term) => (term.length > 4 ? 0.2 : false), combineWith: "AND" },
    });
    made.addAll(window.reportSearchEntries);
    return made;
  }));

  const snippet = (text, terms) => {
    const places = terms.map((term) => text.toLowerCase().indexOf(term)).filter((place) => place >= 0);
    const start = Math.max(0, Math.min(...places, text.length) - AROUND);
    return (start ? "…" : "") + text.slice(start, start + 2 * AROUND) + (start + 2 * AROUND < text.length ? "…" : "");
  };

  const entry = (found) => {
    const link = Object.assign(document.createElement("a"), { href: root + found.href });
    link.textContent = found.section || found.title;
    const item = document.createElement("li");
    item.append(link);
    const where = [found.section && found.title, found.label].filter(Boolean).join(" · ");
    for (const [name, words] of [["where", where], ["text", snippet(found.text, found.terms)]]) {
      if (words) item.append(Object.assign(document.createElement("p"), { className: `report-search-${name}`, textContent: words }));
    }
    return item;
  };

  const show = async () => {
    const wanted = input.value.trim();
    const found = wanted ? (await ready()).search(wanted) : [];
    if (input.value.trim() !== wanted) return;
    list.replaceChildren(...found.slice(0, SHOWN).map(entry));
    const places = `${found.length} ${found.length === 1 ? "place" : "places"}`;
    count.textContent = !wanted ? "" : !found.length ? `Nothing found for “${wanted}”.` : places + (found.length > SHOWN ? `, the first ${SHOWN} shown` : "");
  };

  input.addEventListener("input", () => show().catch(() => { count.textContent = "The search could not be loaded."; }));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { input.value = ""; show(); input.focus(); }
  });
  document.addEventListener("keydown", (event) => {
    const typing = /^(input|textarea|select)$/i.test(event.target.tagName) || event.target.isContentEditable;
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); input.focus(); }
  });
})();
