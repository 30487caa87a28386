"use strict";
// Work queues: whoever has dealt with a row comes back to the row below it, and a pasted column fills the fields below.

(() => {
  // --- back to where the work was ---------------------------------------------------------------------------

  const KEY = "queue-place";
  const here = () => location.pathname;
  const rows = () => [...document.querySelectorAll("#list tbody tr")];

  function leave(element) {
    const row = element?.closest?.("#list tbody tr");
    if (!row) return;
    const place = { at: here(), row: row.id, index: rows().indexOf(row), top: Math.round(window.scrollY) };
    sessionStorage.setItem(KEY, JSON.stringify(place));
  }

  document.addEventListener("submit", (event) => leave(event.target));
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href*='next=']");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) leave(link);
  });

  // A row that is still there was left undone; else the one that has come into its place is next.
  document.addEventListener("DOMContentLoaded", () => {
    const kept = sessionStorage.getItem(KEY);
    if (kept === null) return;
    const place = JSON.parse(kept);
    if (place.at !== here()) {
      if (!document.getElementById("list")) return;
      sessionStorage.removeItem(KEY);
      return;
    }
    sessionStorage.removeItem(KEY);
    const all = rows();
    const row = document.getElementById(place.row) || all[Math.min(place.index, all.length - 1)];
    window.scrollTo({ top: place.top, behavior: "instant" });
    if (!row) return;
    const next = row.querySelector("form button, input[data-column]") || row.querySelector("a[href]");
    next?.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
  });

  // --- a column of numbers ----------------------------------------------------------------------------------

  document.addEventListener("paste", (event) => {
    const field = event.target.closest?.("input[data-column]");
    const text = event.clipboardData?.getData("text/plain") || "";
    const lines = text.replace(/\r/g, "").replace(/\n+$/, "").split("\n").map((line) => line.split("\t")[0].trim());
    if (!field || lines.length < 2) return;
    event.preventDefault();
    const fields = [...document.querySelectorAll("input[data-column]")];
    const below = fields.slice(fields.indexOf(field));
    let last = field;
    for (const [index, line] of lines.slice(0, below.length).entries()) {
      last = below[index];
      last.value = line.slice(0, last.maxLength > 0 ? last.maxLength : undefined);
      last.dispatchEvent(new Event("input", { bubbles: true }));
    }
    last.focus();
  });
})();
