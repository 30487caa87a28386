"use strict";
// A long table keeps its heads and totals in sight at a desk. One that fits its card hangs them below the bar on top of
// the page; a wider one is scrolled within the card, so that the bar which moves it sideways is in sight, too.

(() => {
  const DESK = matchMedia("(min-width: 761px)");

  function fit() {
    for (const wrap of document.querySelectorAll(".table-wrap")) {
      const table = wrap.querySelector(":scope > table");
      const room = table && DESK.matches ? wrap.offsetWidth : 0;
      wrap.classList.toggle("fits", room > 0 && table.offsetWidth <= room);
      wrap.classList.toggle("scrolls", room > 0 && table.offsetWidth > room);
    }
  }

  fit();
  window.addEventListener("load", fit);
  window.addEventListener("resize", fit);
  document.addEventListener("htmx:afterSwap", fit);
  document.addEventListener("toggle", fit, true);
})();
