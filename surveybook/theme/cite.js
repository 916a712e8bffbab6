// Cite: the link beside a heading or caption opens a dialog, from the data block at the end of the page. Without this
// script it leads to the same citations on their own page.
(() => {
  const FORMATS = { text: "Text", bibtex: "BibTeX", ris: "RIS", csl: "CSL-JSON" };

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
    const dialog = make("dialog", { className: "cite-dialog" },
      make("div", { className: "cite-head" }, title, close), formats, label, text,
      make("div", { className: "cite-foot" }, copy, told),
      make("p", { className: "cite-address" }, "Address: ", address));
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
      const found = citations.get(decodeURIComponent(link.hash.slice(1)));
      if (!found) return false;
      [opener, shown] = [link, found];
      title.textContent = link.getAttribute("aria-label");
      address.href = found.place;
      address.textContent = shown.address;
      show();
      dialog.showModal();
      return true;
    };
  }

  const block = document.getElementById("report-citations");
  if (block && typeof HTMLDialogElement === "function") {
    let open = null;
    addEventListener("click", (event) => {
      const link = event.target.closest?.("a.cite-link");
      if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      open ??= citeDialog(new Map(Object.entries(JSON.parse(block.textContent))));
      if (open(link)) event.preventDefault();
    });
  }
})();
