"use strict";
// A list by keyboard: / its search, j and k its rows, Enter what a row leads to, x chooses it, [ and ] turn pages, e its
// file. The cursor is the focus itself, on the row's first link, so that Enter and a screen reader need nothing else.

(() => {
  const list = () => document.getElementById("list");
  const rows = () => [...document.querySelectorAll("#list tbody tr")].filter((row) => target(row));
  const target = (row) => row.querySelector("td.title a, td.what a, a[href]") || row.querySelector("input[data-row]");
  const current = () => document.querySelector("#list tbody tr.cursor");
  // Where the cursor goes when the next list has been drawn: to its first row, its last, or the same one.
  let next = null;

  function mark(row) {
    for (const other of document.querySelectorAll("#list tr.cursor")) if (other !== row) other.classList.remove("cursor");
    row?.classList.add("cursor");
  }

  function go(row) {
    mark(row);
    const link = target(row);
    link.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  }

  function move(step) {
    const all = rows();
    if (!all.length) return;
    const at = all.indexOf(current());
    go(all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)]);
  }

  function turn(rel) {
    const link = document.querySelector(`#list .pager a[rel=${rel}]`);
    if (!link) return;
    next = current() ? "first" : null;
    link.click();
  }

  const acts = {
    "/": () => {
      const search = document.querySelector("#filters input[type=search], #filters input[type=text]");
      if (!search) return false;
      search.closest("details:not([open])")?.setAttribute("open", "");
      search.focus();
      search.select();
    },
    j: () => move(1),
    k: () => move(-1),
    x: () => current()?.querySelector("input[data-row]")?.click(),
    e: () => document.querySelector("#list [data-key-export]")?.click(),
    "[": () => turn("prev"),
    "]": () => turn("next"),
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (!list() || document.querySelector("dialog[open]")) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, summary, [contenteditable]")) return;
    // The arrows move within the list alone; elsewhere they scroll the page.
    const inList = event.target.closest("#list tbody tr");
    const key = inList && event.key === "ArrowDown" ? "j" : inList && event.key === "ArrowUp" ? "k" : event.key;
    // Single characters can be switched off in the help; the arrows, which act where the focus is, stay.
    if (event.key.length === 1 && document.documentElement.dataset.letterKeys === "off") return;
    if (!Object.hasOwn(acts, key) || acts[key]() === false) return;
    event.preventDefault();
  });

  // The cursor is where the focus is, however it came there.
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest?.("#list tbody tr");
    if (row) mark(row);
  });

  // A list that is drawn anew keeps the cursor on its row, and the focus on what had it.
  let kept = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target?.id !== "list") return;
    const row = current();
    const focused = document.activeElement?.closest?.("#list");
    kept = focused && row ? { link: target(row).getAttribute("href"), at: rows().indexOf(row) } : null;
    if (focused && !row) kept = { heading: document.activeElement.textContent.trim() };
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (!list() || (!kept && !next)) return;
    const all = rows();
    const lost = document.activeElement === document.body;
    if (next && all.length) go(all[0]);
    else if (kept?.link && lost) {
      const same = all.find((row) => target(row).getAttribute("href") === kept.link);
      if (same || all.length) go(same || all[Math.min(kept.at, all.length - 1)]);
    } else if (kept?.heading && lost) {
      const same = [...document.querySelectorAll("#list thead a, #list .pager [aria-current=page], #list .pager a")];
      same.find((link) => link.textContent.trim() === kept.heading)?.focus({ preventScroll: true });
    }
    kept = next = null;
  });
})();
