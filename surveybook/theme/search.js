// Search over the whole report. The index and the engine are loaded when somebody begins to search, from the site's own
// files, as scripts: that works from a folder as well.
//
// Any of the words are looked for, by their stems and synonyms; what holds more of them, the rarer ones, side by side or
// in a heading comes first, and what holds simulated values after what does not. The engine (MiniSearch) weighs each
// word in each field by BM25 and finds words that are spelled nearly so; what is asked as a whole is weighed here.
(() => {
  const box = document.querySelector(".report-search");
  if (!box) return;
  const root = box.dataset.root;
  const [input, panel, count, list] = ["input", ".report-search-panel", ".report-search-count", ".report-search-results"].map((s) => box.querySelector(s));
  const SHOWN = 12, AROUND = 110;
  // what words count in each field; a definition or a heading answers better than a use
  const FIELDS = { heading: 5, synonyms: 5, around: 2, name: 3, text: 1, cells: 0.4 };
  const SIMULATED = 0.5, SAID_AS = 0.8;  // what remains of the score of simulated values, and of a synonym
  const BY_THE_WAY = 0.25;  // what remains of a word that names nothing: it is in no heading, title or synonym, and is no name
  const GUESSED = 0.5;  // what remains of a word that is nowhere as it was typed
  const ENOUGH = 0.6;  // of the weight of what is asked, or else of those of its words that are somewhere, must be in a section
  // Words of questions, which say nothing of what is looked for
  const STOP = new Set(("a about actually against all also an and any are as at be been being but by can could did do does each ever explain find for from get give had " +
    "happen happens has have here how i if in into is it its know list many may me mean means meaning much my no not of on or our per please really report saw say " +
    "says see seen should show so some such tell than that the their them there these they this those to us use using very was we were what when where which who whom whose why " +
    "will with would you your").split(" "));
  let engine;

  const script = (path) => new Promise((done, failed) => {
    const element = document.createElement("script");
    Object.assign(element, { src: root + path, onload: done, onerror: () => failed(new Error(path)) });
    document.head.append(element);
  });

  // --- words

  const WORD = /[\p{L}\p{N}]+/gu;
  const split = (text) => text.replace(/['’]s\b/g, "").match(WORD) ?? [];
  // “start-ups” is found as “startups” as well
  const joined = (text) => (text.match(/\p{L}+(-\p{L}+)+/gu) ?? []).map((word) => word.replaceAll("-", ""));
  // One form for singular and plural, for “tested” and “testing”, “cite” and “citation”, “city” and “cities”, “method”
  // and “methodology”, “significant” and “significance”, and for the spellings of both sides of the Atlantic
  const stem = (word) => {
    let one = word.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
    if (one.length < 4 || /\d/.test(one)) return one;
    one = one.replace(/(.{4})sis$/, "$1ses").replace(/ies$/, "y").replace(/(ss|x|ch|sh)es$/, "$1").replace(/([^su])s$/, "$1")
      .replace(/(.{4})ness$/, "$1").replace(/(.{4})ly$/, "$1").replace(/([ai])bility$/, "$1ble")
      .replace(/is(?=(e|ed|er|ing|ation|able)$)/, "iz").replace(/our$/, "or")
      .replace(/yz(?=(e|ed|er|ing)$)/, "ys").replace(/^(def|off|lic|pret)enc/, "$1ens");
    const root = one.replace(/^(.{3,})(ation|ator|ated|ating|ative|atory|ate)$/, "$1").replace(/^(.{4,})olog(y|ical)$/, "$1")
      .replace(/^(.{4,}[^s])[ai]ble$/, "$1").replace(/^(.{4,})([ae])nc[ey]$/, "$1$2nt").replace(/^(.{4,}[cp]t)(ion|or)$/, "$1");
    if (root !== one) return root;
    const bare = one.replace(/(ing|ed)$/, "");
    if (bare !== one && bare.length > 2 && /[aeiouy]/.test(bare)) one = bare.replace(/([bdgkmnprt])\1$/, "$1");
    one = one.replace(/([aeiou][^aeiou]+[aeiou]l)l$/, "$1");  // “modelling” is “modeling”
    one = one.length > 3 ? one.replace(/e$/, "") : one;
    return one.replace(/y$/, "i");
  };
  const stems = (text) => split(text).map(stem);
  const phrase = (words) => ` ${words.join(" ")} `;
  // All but words of questions, unless there are no others
  const telling = (words) => {
    const left = words.filter((word) => !STOP.has(word.toLowerCase()));
    return left.length ? left : words;
  };

  // --- what is found

  const prepare = ({ entries, synonyms }) => {
    // a heading that many sections have, such as that on limits, tells none of them from the others
    const often = new Map();
    for (const entry of entries) often.set(heading(entry), (often.get(heading(entry)) ?? 0) + 1);
    const own = (entry) => (often.get(heading(entry)) > 2 ? "" : heading(entry));
    const made = new MiniSearch({
      fields: Object.keys(FIELDS), storeFields: ["href", "title", "within", "section", "text", "cells", "label"],
      extractField: (entry, field) => field === "name" ? name(entry) : field === "heading" ? own(entry)
        : field === "around" ? (entry.section ? `${bare(entry.title)} ${bare(entry.within)}` : "") : entry[field],
      tokenize: (text) => [...split(text), ...joined(text)], processTerm: stem,
    });
    made.addAll(entries);
    const said = new Map(entries.map((entry) => [entry.id, {
      heading: phrase(stems(heading(entry))),
      names: [own(entry), name(entry), ...entry.synonyms.split(",")].map((one) => phrase(stems(one))),
      called: [own(entry), name(entry), ...entry.synonyms.split(",")].map((one) => phrase(telling(split(one)).map(stem).sort())),
      text: phrase(telling(split([heading(entry), entry.title, entry.text, entry.cells].join(" . "))).map(stem)),
    }]));
    return { made, said, ...naming(entries, synonyms), groups: synonyms.map((group) => group.map((one) => telling(split(one)).map(stem)).filter((one) => one.length)), sections: entries.length };
  };
  // Each stem with the words that have it; and which stems name something: they stand in a heading, a title or a synonym, or
  // are never in lower case
  const naming = (entries, synonyms) => {
    const forms = new Map(), titles = new Set(), lower = new Set();
    const add = (word, stems) => { const one = stem(word); stems.add(one); forms.set(one, (forms.get(one) ?? new Set()).add(word.toLowerCase())); };
    for (const text of [...entries.flatMap((entry) => [bare(entry.title), bare(entry.section), entry.synonyms]), ...synonyms.flat()]) split(text).forEach((word) => add(word, titles));
    for (const word of entries.flatMap((entry) => split(`${entry.text} ${entry.cells}`))) add(word, /\p{Lu}/u.test(word) ? new Set() : lower);
    return { forms, titled: (word) => titles.has(word), named: (word) => titles.has(word) || !lower.has(word) };
  };
  // The number of a heading is no word of it; a page and an id have names that their authors chose
  const bare = (title) => title.replace(/^[\d.]+\s+/, "");
  const name = (entry) => entry.href.replace(/^.*\//, "").replace(/^.*#/, "").replace(/^sec-(term-)?|\.html$/g, "");
  const heading = (entry) => bare(entry.section || entry.title);
  const ready = () => (engine ??= Promise.all([script("theme/vendor/minisearch.js"), script("search-index.js")]).then(() => prepare(window.reportSearchIndex))
    .catch((error) => { engine = null; throw error; }));  // the next letter tries again

  // What is asked, as ideas: each one or several words, and the other words for them
  const ideas = (asked, groups) => {
    const found = [], words = asked.map(({ word }) => stem(word));
    for (let at = 0; at < words.length;) {
      const fits = groups.flatMap((group) => group.filter((one) => one.every((word, i) => word === words[at + i]))
        .map((one) => [one.length, group.filter((other) => other !== one)]));
      const length = Math.max(1, ...fits.map(([size]) => size)), own = asked.slice(at, at + length);
      found.push({ typed: own.map(({ typed }) => typed).join(" "), near: own.some(({ near }) => near), begun: own.at(-1).begun,
        words: words.slice(at, at + length), others: fits.filter(([size]) => size === length).flatMap(([, others]) => others) });
      at += length;
    }
    return found;
  };

  const merge = (some, others) => {
    const known = new Set(some.map((one) => one.id));
    return [...some, ...others.filter((one) => !known.has(one.id))];
  };

  // How many letters were typed wrongly, left out, added or swapped with the next (optimal string alignment distance)
  const slips = (typed, meant) => {
    const rows = [[...Array(meant.length + 1).keys()]];
    for (let i = 1; i <= typed.length; i++) {
      rows.push([i]);
      for (let j = 1; j <= meant.length; j++) {
        const same = typed[i - 1] === meant[j - 1], swapped = i > 1 && j > 1 && typed[i - 1] === meant[j - 2] && typed[i - 2] === meant[j - 1];
        rows[i].push(Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (same ? 0 : 1), swapped ? rows[i - 2][j - 2] + 1 : Infinity));
      }
    }
    return rows[typed.length][meant.length];
  };

  // Entries that hold all of these words; where the last of them is still being typed, what begins with it as well
  const look = (made, words, begun = "") => {
    const [first, ...rest] = words.map((word, i) => {
      const ask = (how, asked = word) => made.search(asked, { boost: FIELDS, tokenize: (one) => [one], processTerm: (one) => one, ...how });
      // of what was typed and not of its stem, as “shar” begins the name Sharon as well
      return begun.length > 2 && i === words.length - 1 ? merge(ask({}), ask({ prefix: true, weights: { prefix: 0.25, fuzzy: 0.4 } }, begun.toLowerCase())) : ask({});
    });
    return first.map((one) => [one, ...rest.map((other) => other.find((entry) => entry.id === one.id))])
      .filter((row) => row.every(Boolean))
      .map((row) => ({ entry: row[0], score: row.reduce((sum, one) => sum + one.score, 0), terms: row.flatMap((one) => one.terms) }));
  };

  // The words that are looked for, each with what was typed: “back doors” are “backdoors”, a word of headings;
  // “samplesize” is “sample size”, which stand side by side somewhere; a word that is nowhere is one that is spelled nearly so
  const meant = (words, { said, forms, titled }, typing) => {
    const united = (word, next) => word && next && titled(stem(word + next));
    const apart = (word) => [...Array(Math.max(0, word.length - 3)).keys()].map((at) => [word.slice(0, at + 1), word.slice(at + 1)])
      .find((two) => two.every((one) => forms.has(stem(one))) && (two[0].length > 2 || two.every((one) => titled(stem(one)))) &&
        [...said.values()].some(({ text }) => text.includes(phrase(two.map(stem)))));
    const begins = (word) => word.length > 2 && [...forms].some(([one]) => one.startsWith(word.toLowerCase()));
    const nearest = (word) => {
      const asked = stem(word), most = word.length < 5 ? 0 : asked.length < 10 ? 1 : 2;
      const near = !most ? [] : [...forms].flatMap(([one, all]) => [...all].filter((other) => Math.abs(other.length - word.length) <= most && !/\d/.test(other))
        .map((other) => [slips(word.toLowerCase(), other), titled(one) ? 0 : 1, other])).filter(([distance]) => distance <= most);
      return near.length ? near.reduce((best, one) => (one[0] - best[0] || one[1] - best[1]) < 0 ? one : best)[2] : "";
    };
    const found = [];
    for (let at = 0; at < words.length; at++) {
      const word = words[at], last = typing && at === words.length - 1;
      if (united(word, words[at + 1])) { found.push({ typed: `${word} ${words[++at]}`, word: word + words[at] }); continue; }
      if (forms.has(stem(word)) || (last && begins(word))) { found.push({ typed: word, word, begun: last ? word : "" }); continue; }
      const two = apart(word);
      if (two) { found.push(...two.map((one) => ({ typed: one, word: one }))); continue; }
      const near = nearest(word) || "";
      found.push({ typed: word, word: near || word, near: Boolean(near) });
    }
    const left = found.filter(({ word }) => !STOP.has(word.toLowerCase()));
    return { all: found, asked: left.length ? left : found };
  };

  const search = (index, wanted) => {
    const { made, said, named, groups, sections } = index;
    const { all: words, asked } = meant(split(wanted), index, !/\s$/.test(wanted));
    const places = new Map(), near = [], nowhere = [];
    let whole = 0, somewhere = 0;
    for (const idea of ideas(asked, groups)) {
      const best = new Map(look(made, idea.words, idea.begun).map((one) => [one.entry.id, one]));
      for (const other of idea.others) {
        // words that say something only together are looked for together; what holds the asked words was found by them
        if (idea.words.every((word) => other.includes(word))) continue;
        const together = phrase(other), sorted = phrase(other.slice().sort());
        for (const one of look(made, other)) {
          const { called, text } = said.get(one.entry.id);
          if (!text.includes(together) && !called.includes(sorted)) continue;
          const before = best.get(one.entry.id), score = Math.max(before?.score ?? 0, one.score * SAID_AS);
          best.set(one.entry.id, { entry: one.entry, score, terms: [...(before?.terms ?? []), ...one.terms] });
        }
      }
      if (!best.size) nowhere.push(idea.typed);
      else if (idea.near) near.push(idea.typed);
      const part = (idea.words.some(named) ? 1 : BY_THE_WAY) * (idea.near ? GUESSED : 1);
      const weight = part * Math.log(1 + sections / Math.max(1, best.size));
      whole += weight;
      if (best.size) somewhere += weight;
      for (const [id, { entry, score, terms }] of best) {
        const place = places.get(id) ?? { entry, score: 0, weight: 0, terms: new Set() };
        place.score += part * score;
        place.weight += weight;
        terms.forEach((term) => place.terms.add(term));
        places.set(id, place);
      }
    }
    const exactly = phrase(words.map(({ word }) => stem(word))), row = asked.map(({ word }) => stem(word));
    const pairs = row.slice(1).map((word, i) => phrase([row[i], word]));
    for (const [id, place] of places) {
      const share = place.weight / whole, { heading, names, called, text } = said.get(id);
      const beside = pairs.filter((pair) => text.includes(pair)).length / Math.max(1, pairs.length);
      // what is asked, or as far as it has been typed, is a name of the section
      const fits = (one) => one === exactly || (words.length > 1 && words.at(-1).begun && one.startsWith(exactly.trimEnd()));
      const known = names.some(fits);
      const term = place.entry.href.includes("#sec-term-");
      const titled = known && words.length === 1 && !place.entry.section ? 6  // a page that is called so
        : known && (words.length > 1 || term) ? 4
        : called.includes(phrase(row.slice().sort())) ? 2
        : heading.includes(exactly) || (exactly.includes(heading) && /\S \S/.test(heading)) ? 1.5 : 1;
      const defined = titled >= 2 && term ? (fits(heading) ? 1.6 : 1.25) : 1;  // what it is comes before what is said of it
      place.score *= share ** 4 * (1 + beside / 2) * titled * defined * (place.entry.label ? SIMULATED : 1);
    }
    const holding = (weight) => [...places.values()].filter((place) => place.weight >= ENOUGH * weight);
    const kept = [holding(whole), holding(somewhere), [...places.values()]].find((some) => some.length) ?? [];
    const partly = kept.length > 0 && !kept.some((place) => place.weight >= ENOUGH * somewhere);
    return { found: kept.sort((a, b) => b.score - a.score), near, nowhere, partly };
  };

  // --- what is shown

  // A piece of the text that holds most of what was found, each hit marked
  const snippet = (text, terms) => {
    const hits = [...text.matchAll(WORD)].filter(([word]) => terms.has(stem(word)));
    const within = (start) => new Set(hits.filter((hit) => hit.index >= start && hit.index < start + 2 * AROUND).map(([word]) => stem(word))).size;
    const from = hits.reduce((best, hit) => (within(hit.index) > within(best) ? hit.index : best), hits[0]?.index ?? 0);
    const start = from < AROUND ? 0 : text.lastIndexOf(" ", from - AROUND / 2) + 1;
    const reach = start + 2 * AROUND, end = reach < text.length ? Math.max(text.lastIndexOf(" ", reach), start + AROUND) : text.length;
    return [start ? "… " : "", ...marked(text.slice(start, end), terms), end < text.length ? " …" : ""];
  };
  const marked = (text, terms) => {
    const parts = [];
    let end = 0;
    for (const hit of text.matchAll(WORD)) {
      if (!terms.has(stem(hit[0]))) continue;
      parts.push(text.slice(end, hit.index), Object.assign(document.createElement("mark"), { textContent: hit[0] }));
      end = hit.index + hit[0].length;
    }
    return [...parts, text.slice(end)];
  };

  // What a section says below its heading
  const body = ({ section, text, cells }) => `${text.slice(text.startsWith(section) ? section.length : 0)} ${cells}`.trim();

  const item = ({ entry, terms }) => {
    const made = document.createElement("li"), link = Object.assign(document.createElement("a"), { href: root + entry.href });
    link.append(...marked(entry.section || entry.title, terms));
    made.append(link);
    for (const [name, parts] of [["where", [[entry.section && entry.title, entry.within].filter(Boolean).join(" › ")]], ["label", [entry.label]], ["text", snippet(body(entry), terms)]]) {
      const line = Object.assign(document.createElement("p"), { className: `report-search-${name}` });
      line.append(...parts);
      if (line.textContent) made.append(line);
    }
    return made;
  };

  const quoted = (words) => words.map((word) => `“${word}”`).join(" and ");
  const told = (wanted, { found, near, nowhere, partly }) => {
    const places = `${found.length} ${found.length === 1 ? "place" : "places"}`;
    const shown = found.length > SHOWN ? `, the first ${SHOWN} shown` : "";
    if (!found.length) return `No section about “${wanted}”.`;
    if (nowhere.length) return `No section about ${quoted(nowhere)}; ${places} with the other words${shown}`;
    if (partly) return `No section about all of “${wanted}”; ${places} with some of the words${shown}`;
    if (near.length) return `No section about ${quoted(near)}; ${places} with words near it${shown}`;
    return places + shown;
  };

  const show = async () => {
    const wanted = input.value.trim();
    const result = wanted ? search(await ready(), input.value.trimStart()) : { found: [] };
    if (input.value.trim() !== wanted) return;
    list.replaceChildren(...result.found.slice(0, SHOWN).map(item));
    list.scrollTop = 0;
    count.textContent = wanted ? told(wanted, result) : "";
  };

  const open = (wanted) => box.toggleAttribute("data-open", wanted);
  const begin = () => {
    open(true);
    return show().catch(() => { count.textContent = "The search could not be loaded."; });
  };

  input.addEventListener("input", begin);
  for (const name of ["focusin", "pointerdown"]) document.addEventListener(name, (event) => open(box.contains(event.target)));
  // who opens what was found, and comes back, finds the rest again; so does who was sent the address of a search
  list.addEventListener("click", (event) => event.target.closest("a") && window.reportAddress.write("q", input.value.trim()));
  const typed = document.activeElement === input && input.value;  // before this script was there
  const sent = window.reportAddress.read("q");
  if (sent && !typed) input.value = sent;
  if (sent || typed) begin();

  box.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const links = [...list.querySelectorAll("a")], at = links.indexOf(document.activeElement);
    if (event.key === "Escape") { input.value = ""; show(); input.focus(); }
    else if (event.key === "ArrowDown") (links[at + 1] ?? links[0])?.focus();
    else if (event.key === "ArrowUp") (at === 0 ? input : links.at(at < 0 ? -1 : at - 1))?.focus();
    else if (event.key === "Enter" && at < 0) {
      const wanted = input.value;  // who goes on typing while the index is on its way is led nowhere
      begin().then(() => input.value === wanted && list.querySelector("a")?.click());
    }
    else return;
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    const typing = /^(input|textarea|select)$/i.test(event.target.tagName) || event.target.isContentEditable;
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); input.focus(); }
  });
})();
