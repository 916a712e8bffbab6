// Of whom shares are taken: one table at a time, by a choice above them. Without scripts they stand below each other.
(() => {
  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  document.querySelectorAll(":is(.report-figure details, .report-table):has(> .reading)").forEach((frame, place) => {
    const readings = [...frame.querySelectorAll(":scope > .reading")];
    const show = (shown) => readings.forEach((one) => { one.hidden = one !== shown; });
    const choices = readings.map((one, number) => {
      const choice = make("input", { type: "radio", name: `reading-${place}`, checked: number === 0 });
      choice.addEventListener("change", () => show(one));
      return make("label", {}, choice, one.dataset.of);
    });
    readings[0].before(make("fieldset", { className: "reading-choice" }, make("legend", {}, "Shares of"), ...choices));
    show(readings[0]);
  });
})();
