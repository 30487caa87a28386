"use strict";
// Rows of a list that are chosen together: a click, a range with Shift, a whole page, the sum of what is chosen.
// What was chosen on one page stays chosen on the next, as long as the filter is the same.

(() => {
  const chosen = new Map();
  let scope = null;
  let last = null;

  const bar = () => document.getElementById("selection");
  const boxes = () => [...document.querySelectorAll("#list input[data-row]")];
  const everything = () => bar()?.querySelector("[name=all]");

  function sums() {
    const found = new Map();
    for (const { cents, currency } of chosen.values()) {
      if (cents) found.set(currency, (found.get(currency) || 0n) + BigInt(cents));
    }
    return [...found].map(([currency, cents]) => ` · ${window.money(cents)} ${currency}`).join("");
  }

  function show() {
    const form = bar();
    if (!form) return;
    const all = everything()?.checked || false;
    const shown = boxes();
    for (const box of shown) {
      box.checked = all || chosen.has(box.value);
      box.disabled = all;
      box.closest("tr").classList.toggle("chosen", box.checked);
    }
    const whole = document.querySelector("[data-row-page]");
    if (whole) {
      const ticked = shown.filter((box) => box.checked).length;
      whole.checked = ticked > 0 && ticked === shown.length;
      whole.indeterminate = ticked > 0 && ticked < shown.length;
      whole.disabled = all;
    }
    form.classList.toggle("on", all || chosen.size > 0);
    const said = form.querySelector("[data-said]");
    const text = all ? said.dataset.saidAll : said.dataset.said.replace("%n", chosen.size) + sums();
    if (said.textContent !== text) said.textContent = text;
    for (const button of form.querySelectorAll("[data-keys-only]")) button.disabled = all;
  }

  function choose(box, on) {
    if (on) chosen.set(box.value, { cents: box.dataset.cents, currency: box.dataset.currency });
    else chosen.delete(box.value);
  }

  function restore() {
    const form = bar();
    if (!form) return;
    if (form.dataset.scope !== scope) chosen.clear();
    scope = form.dataset.scope;
    // A browser that comes back to a page ticks its boxes again.
    for (const box of boxes()) if (box.checked) choose(box, true);
    last = null;
    show();
  }

  document.addEventListener("click", (event) => {
    const box = event.target.closest?.("#list input[data-row]");
    if (!box) return;
    const shown = boxes();
    const from = event.shiftKey && last ? shown.findIndex((other) => other.value === last) : -1;
    const to = shown.indexOf(box);
    const range = from < 0 ? [box] : shown.slice(Math.min(from, to), Math.max(from, to) + 1);
    for (const other of range) choose(other, box.checked);
    last = box.value;
    show();
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-row-page]")) {
      for (const box of boxes()) choose(box, event.target.checked);
      show();
    } else if (event.target.matches("#selection [name=all]")) show();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-clear-selection]")) {
      chosen.clear();
      if (everything()) everything().checked = false;
      show();
      document.querySelector("[data-row-page]")?.focus();
    } else if (event.target.closest("#selection [data-dialog]")) event.preventDefault(); // the dialog asks first
  });

  // What stands on other pages goes along; a dialog's form takes all of it.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const asks = form.matches("[data-takes-selection]");
    if (form.id !== "selection" && !asks) return;
    for (const old of form.querySelectorAll("[data-carried]")) old.remove();
    const here = new Set(asks ? [] : boxes().map((box) => box.value));
    const carry = (name, value) => {
      const input = Object.assign(document.createElement("input"), { type: "hidden", name, value });
      input.dataset.carried = "";
      form.append(input);
    };
    if (asks && everything()?.checked) carry("all", "1");
    const keys = [...chosen.keys()].filter((key) => !here.has(key));
    if (keys.length) carry("rows", keys.join(","));
  });

  document.addEventListener("DOMContentLoaded", restore);
  document.addEventListener("htmx:afterSettle", restore);
  window.addEventListener("pageshow", restore);
})();
