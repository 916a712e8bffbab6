// Cite: the link beside a heading or caption opens a dialog, from the data block at the end of the page. That of a figure
// has a frame to copy as well, and “Embed” below the figure opens it there. Without this script the links lead to the
// same citations on their own page, and to what the frame shows.
(() => {
  const FORMATS = { text: "Text", bibtex: "BibTeX", ris: "RIS", csl: "CSL-JSON", sentence: "Sentence", embed: "Embed" };
  const BREAK = 640;  // px: a screen on which a frame of a page with margins shows the wide drawing
  const HOMELESS = "The report has no public address yet, so this one starts at the folder of the site; add yours.";

  function make(tag, attributes, ...children) {
    const node = Object.assign(document.createElement(tag), attributes);
    node.append(...children);
    return node;
  }

  function citeDialog(citations) {
    const title = make("h2", { id: "cite-title" });
    const close = make("button", { type: "button", className: "cite-close", textContent: "Close" });
    const text = make("textarea", { readOnly: true, rows: 9, id: "cite-text", spellcheck: false });
    const copy = make("button", { type: "button", className: "cite-copy", textContent: "Copy" });
    const told = make("span", { className: "cite-told" });
    told.setAttribute("role", "status");
    const choices = Object.entries(FORMATS).map(([value, name]) =>
      make("label", {}, make("input", { type: "radio", name: "cite-format", value }), name));
    const formats = make("fieldset", {}, make("legend", { textContent: "Format" }), ...choices);
    const label = make("label", { htmlFor: "cite-text", className: "cite-label", textContent: "Citation" });
    const address = make("a", {});
    const homeless = make("p", { className: "cite-address", textContent: HOMELESS });
    const dialog = make("dialog", { className: "cite-dialog" },
      make("div", { className: "cite-head" }, title, close), formats, label, text,
      make("div", { className: "cite-foot" }, copy, told),
      make("p", { className: "cite-address" }, "Address: ", address), homeless);
    dialog.setAttribute("aria-labelledby", title.id);
    let shown = null;
    let opener = null;

    function show() {
      text.value = shown[formats.querySelector(":checked").value].replaceAll("\r\n", "\n");
      text.scrollTop = 0;
      told.textContent = "";
    }
    async function copyText() {
      try {
        await navigator.clipboard.writeText(text.value);
        told.textContent = "Copied";
      } catch { // without a secure connection there is no such clipboard
        text.select();
        told.textContent = document.execCommand("copy") ? "Copied" : "Select the text and copy it";
      }
    }
    formats.addEventListener("change", show);
    close.addEventListener("click", () => dialog.close());
    copy.addEventListener("click", copyText);
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    dialog.addEventListener("close", () => opener.focus());
    choices[0].firstChild.checked = true;
    document.body.append(dialog);

    return (link) => {
      const figure = link.closest("[id^=fig-]");
      const embed = figure?.querySelector(".embed-link");
      const found = citations.get(link === embed ? `cite-${figure.id}` : decodeURIComponent(link.hash.slice(1)));
      if (!found) return false;
      [opener, shown] = [link, embed ? { ...found, embed: frame(embed, found.address) } : found];
      const choice = (value) => formats.querySelector(`[value=${value}]`);
      for (const value of Object.keys(FORMATS)) choice(value).parentNode.hidden = !(value in shown);
      if (link === embed) choice("embed").checked = true;
      else if (choice("embed").checked || !formats.querySelector("label:not([hidden]) :checked")) choice("text").checked = true;
      homeless.hidden = /^https?:/.test(shown.address);
      title.textContent = link.getAttribute("aria-label");
      address.href = found.place;
      address.textContent = shown.address;
      show();
      dialog.showModal();
      return true;
    };
  }

  // The frame that shows a figure on other pages: by the report's address, or the one at which this page is read. Its
  // height is that of the higher drawing, and where styles are allowed, that of the one for the width of the screen
  function frame(link, address) {
    const [wide, narrow] = [Number(link.dataset.wide), Number(link.dataset.narrow)];
    const fitting = wide < narrow ? `height:clamp(${wide}px,(${BREAK}px - 100vw)*999,${narrow}px)` : `height:${wide}px`;
    const base = /^https?:/.test(address) ? address : link.baseURI;
    const attributes = { src: new URL(link.getAttribute("href"), base).href, title: link.title, width: "100%",
      height: Math.max(wide, narrow), loading: "lazy", style: `border:0;${fitting}` };
    const quoted = (value) => String(value).replaceAll("&", "&amp;").replaceAll('"', "&quot;");
    // in words and not as an element, whose style the policy of this page would refuse
    return `<iframe ${Object.entries(attributes).map(([name, value]) => `${name}="${quoted(value)}"`).join(" ")}></iframe>`;
  }

  const block = document.getElementById("report-citations");
  if (block && typeof HTMLDialogElement === "function") {
    let open = null;
    addEventListener("click", (event) => {
      const link = event.target.closest?.("a.cite-link, a.embed-link");
      if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      open ??= citeDialog(new Map(Object.entries(JSON.parse(block.textContent))));
      if (open(link)) event.preventDefault();
    });
  }
})();
