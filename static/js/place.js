"use strict";
// A link with data-back leads to a page that was left: it opens where it was looked at, not at its top. The browser does
// this itself for its own button; places are kept in this tab, as addresses and heights alone.

(() => {
  const MOST = 20;
  const KEY = "places";

  function places() {
    try {
      return JSON.parse(sessionStorage.getItem(KEY)) || [];
    } catch {
      return [];
    }
  }

  // A wide table is scrolled within its card (heads.js).
  const inner = () => document.querySelector("#list .table-wrap.scrolls:has(> .table.list)");
  const here = () => location.pathname + location.search;

  window.addEventListener("pagehide", () => {
    const wrap = inner();
    const place = [Math.round(window.scrollY), Math.round(wrap?.scrollTop || 0), Math.round(wrap?.scrollLeft || 0)];
    const kept = [[here(), ...place], ...places().filter(([address]) => address !== here())];
    try {
      sessionStorage.setItem(KEY, JSON.stringify(kept.slice(0, MOST)));
    } catch {
      // A browser that keeps nothing begins at the top.
    }
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-back]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const target = new URL(link.href);
    sessionStorage.setItem("place", target.pathname + target.search);
  });

  document.addEventListener("DOMContentLoaded", () => {
    const wanted = sessionStorage.getItem("place");
    if (wanted === null) return;
    sessionStorage.removeItem("place");
    const place = wanted === here() && places().find(([address]) => address === wanted);
    if (!place) return;
    inner()?.scrollTo({ top: place[2], left: place[3], behavior: "instant" });
    window.scrollTo({ top: place[1], behavior: "instant" });
  });
})();
