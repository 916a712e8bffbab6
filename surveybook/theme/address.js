// What a reader chose on a page stands in its address: which rows a table shows and in which order, of whom shares are
// taken, which survey an instrument shows, what was looked for. So a view can be shared and cited, and comes back. What
// stands there anyway is left out. `place` is the figure or table that a choice belongs to, to which the address leads.
window.reportAddress = (() => {
  const query = () => new URLSearchParams(location.search);
  const of = (node) => node.closest("[id^='fig-'], [id^='tbl-'], section[id]")?.id ?? "";
  const read = (name) => query().get(name) ?? "";
  const write = (name, value, place = "") => {
    const asked = query();
    if (value) asked.set(name, value); else asked.delete(name);
    const [words, hash] = [asked.toString(), value && place ? `#${encodeURIComponent(place)}` : location.hash];
    try { history.replaceState(history.state, "", location.pathname + (words && `?${words}`) + hash); } catch { /* too often for a browser */ }
  };
  // One of the choices of a list, if the address names one that it has
  const choose = (list, value) => {
    const has = Boolean(value) && [...list.options].some((option) => option.value === value);
    if (has) list.value = value;
    return has;
  };
  return { of, read, write, choose };
})();
