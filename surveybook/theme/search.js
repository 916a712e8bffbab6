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
  // One form for singular and plural, for “tested” and “testing”, “cite” and “citation”, “city” and “cities”, and for
  // the spellings of both sides of the Atlantic
  const stem = (word) => {
    let one = word.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
    if (one.length < 4 || /\d/.test(one)) return one;
    one = one.replace(/(.{4})sis$/, "$1ses").replace(/ies$/, "y").replace(/(ss|x|ch|sh)es$/, "$1").replace(/([^su])s$/, "$1")
      .replace(/is(?=(e|ed|er|ing|ation)$)/, "iz").replace(/our$/, "or")
      .replace(/yz(?=(e|ed|er|ing)$)/, "ys");
    const root = one.replace(/^(.{3,})(ation|ator|ated|ating|ate)$/, "$1");
    if (root !== one) return root;
    const bare = one.replace(/(ing|ed)$/, "");
    if (bare !== one && bare.length > 2 && /[aeiouy]/.test(bare)) one = bare.replace(/([bdgkmnprt])\1$/, "$1");
    one = one.replace(/([aeiou][^aeiou]+[aeiou]l)l$/, "$1");  // “modelling” is “modeling”
    one = one.length > 3 ? one.replace(/e$/, "") : one;
    return one.replace(/y$/, "i").replace(/enc$/, "ens");
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
      called: [own(entry), name(entry), ...entry.synonyms.split(",")].map((one) => phrase(telling(split(one)).map(stem).sort())),
      text: phrase(telling(split([heading(entry), entry.title, entry.text, entry.cells].join(" . "))).map(stem)),
    }]));
    return { made, said, naming: naming(entries), groups: synonyms.map((group) => group.map((one) => telling(split(one)).map(stem)).filter((one) => one.length)), sections: entries.length };
  };
  // The stems of words that name something: they stand in a heading, a title or a synonym, or are never in lower case
  const naming = (entries) => {
    const stemmed = (texts) => new Set(texts.flatMap(split).map(stem)), texts = entries.map((entry) => `${entry.text} ${entry.cells}`);
    const named = stemmed(entries.flatMap((entry) => [bare(entry.title), bare(entry.section), entry.synonyms]));
    const lower = stemmed(texts.map((text) => text.replace(/\p{Lu}[\p{L}\p{N}]*/gu, " ")));
    return { titled: (word) => named.has(word), has: (word) => named.has(word) || !lower.has(word) };
  };
  // The number of a heading is no word of it; a page and an id have names that their authors chose
  const bare = (title) => title.replace(/^[\d.]+\s+/, "");
  const name = (entry) => entry.href.replace(/^.*\//, "").replace(/^.*#/, "").replace(/^sec-(term-)?|\.html$/g, "");
  const heading = (entry) => bare(entry.section || entry.title);
  const ready = () => (engine ??= Promise.all([script("theme/vendor/minisearch.js"), script("search-index.js")]).then(() => prepare(window.reportSearchIndex))
    .catch((error) => { engine = null; throw error; }));  // the next letter tries again

  // What is asked, as ideas: each one or several words, and the other words for them
  const ideas = (words, groups) => {
    const found = [];
    for (let at = 0; at < words.length;) {
      const fits = groups.flatMap((group) => group.filter((one) => one.every((word, i) => word === stem(words[at + i] ?? "")))
        .map((one) => [one.length, group.filter((other) => other !== one)]));
      const length = Math.max(1, ...fits.map(([size]) => size));
      found.push({ typed: words.slice(at, at + length), words: words.slice(at, at + length).map(stem), others: fits.filter(([size]) => size === length).flatMap(([, others]) => others) });
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

  // Entries that hold all of these words: as they are, or else, where somebody typed them, as the beginning of one, or
  // else nearly so
  const look = (made, words, typed = [], last = false) => {
    const each = words.map((word, i) => {
      const ask = (how, asked = word) => made.search(asked, { boost: FIELDS, tokenize: (one) => [one], processTerm: (one) => one, ...how });
      const exact = ask({}), begun = last && i === words.length - 1;
      if (!typed.length || (exact.length && !begun)) return { found: exact };
      if (word.length > 2) {
        // of what was typed and not of its stem, as “shar” begins the name Sharon as well
        const found = merge(exact, ask({ prefix: true, weights: { prefix: 0.25, fuzzy: 0.4 } }, typed[i].toLowerCase()));
        if (found.length) return { found, near: !exact.length && !begun };
      }
      if (exact.length) return { found: exact };
      const guessed = typed[i].length < 5 ? [] : ask({ fuzzy: 2 });
      return { found: guessed.filter((entry) => entry.terms.some((term) => slips(word, term) <= (word.length < 10 ? 1 : 2))), near: true };
    });
    const [first, ...rest] = each;
    const found = first.found.map((one) => [one, ...rest.map((other) => other.found.find((entry) => entry.id === one.id))])
      .filter((row) => row.every(Boolean))
      .map((row) => ({ entry: row[0], score: row.reduce((sum, one) => sum + one.score, 0), terms: row.flatMap((one) => one.terms) }));
    return { found, near: each.some((one) => one.near && one.found.length) };
  };

  // “back doors” are looked for as “backdoors”, a word of headings
  const united = (words, titled) => {
    const one = (word, next) => word && next && titled(stem(word + next));
    return words.flatMap((word, i) => (one(word, words[i + 1]) ? [word + words[i + 1]] : one(words[i - 1], word) ? [] : [word]));
  };

  const search = ({ made, said, naming, groups, sections }, wanted) => {
    const words = split(wanted), asked = united(telling(words), naming.titled);
    const typing = !/\s$/.test(wanted), places = new Map(), near = [], nowhere = [];
    let whole = 0, somewhere = 0;
    const parts = ideas(asked, groups);
    parts.forEach((idea, i) => {
      const own = look(made, idea.words, idea.typed, typing && i === parts.length - 1);
      const best = new Map(own.found.map((one) => [one.entry.id, one]));
      for (const other of idea.others) {
        // words that say something only together are looked for together; what holds the asked words was found by them
        if (idea.words.every((word) => other.includes(word))) continue;
        const together = phrase(other), sorted = phrase(other.slice().sort());
        for (const one of look(made, other).found) {
          const { called, text } = said.get(one.entry.id);
          if (!text.includes(together) && !called.includes(sorted)) continue;
          const before = best.get(one.entry.id), score = Math.max(before?.score ?? 0, one.score * SAID_AS);
          best.set(one.entry.id, { entry: one.entry, score, terms: [...(before?.terms ?? []), ...one.terms] });
        }
      }
      if (!best.size) nowhere.push(idea.typed.join(" "));
      else if (own.near) near.push(idea.typed.join(" "));
      const part = (idea.words.some(naming.has) ? 1 : BY_THE_WAY) * (own.near ? GUESSED : 1);
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
    });
    const exactly = phrase(words.map(stem)), row = asked.map(stem);
    const pairs = row.slice(1).map((word, i) => phrase([row[i], word]));
    for (const [id, place] of places) {
      const share = place.weight / whole, { heading, called, text } = said.get(id);
      const beside = pairs.filter((pair) => text.includes(pair)).length / Math.max(1, pairs.length);
      const titled = words.length > 1 && heading === exactly ? 4 : called.includes(phrase(row.slice().sort())) ? 2
        : heading.includes(exactly) || (exactly.includes(heading) && /\S \S/.test(heading)) ? 1.5 : 1;
      const defined = titled >= 2 && place.entry.href.includes("#sec-term-") ? 1.25 : 1;  // what it is comes before what is said of it
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
