// Of whom shares are taken: one chart and table at a time, by a choice above them. Without scripts the tables stand below
// each other, and the chart is the first one.
(() => {
  const address = window.reportAddress;
  const make = (tag, properties, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  document.querySelectorAll(".report-figure:has(.reading), .report-table:has(> .reading)").forEach((frame, place) => {
    const readings = [...frame.querySelectorAll(".reading")], key = `${address.of(frame)}.of`;
    const show = (of) => {
      readings.forEach((one) => { one.hidden = one.dataset.of !== of; });
      frame.dispatchEvent(new CustomEvent("reading"));  // theme/marks.js tells no row of another chart
    };
    const all = [...new Set(readings.map((one) => one.dataset.of))], first = Math.max(0, all.indexOf(address.read(key)));
    const choices = all.map((of, number) => {
      const choice = make("input", { type: "radio", name: `reading-${place}`, checked: number === first });
      choice.addEventListener("change", () => {
        show(of);
        address.write(key, number ? of : "", address.of(frame));
      });
      return make("label", {}, choice, of);
    });
    readings[0].before(make("fieldset", { className: "reading-choice" }, make("legend", {}, "Shares of"), ...choices));
    show(all[first]);
    // a browser that goes back puts in what was chosen
    addEventListener("pageshow", () => frame.querySelector(".reading-choice label:not(:first-of-type) input:checked")?.dispatchEvent(new Event("change")));
  });
})();
