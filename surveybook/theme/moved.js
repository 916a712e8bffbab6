// Addresses that have moved: go on to where the page says that they are now. Without this script, links lead there.
(() => {
  function follow() {
    const old = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const moved = old && old.matches("a.moved") ? old : document.querySelector("a.moved-page");
    if (moved) location.replace(moved.matches(".moved-page") ? moved.href + location.hash : moved.href);
  }
  follow();
  addEventListener("hashchange", follow);
})();
