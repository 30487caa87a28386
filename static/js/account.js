"use strict";
// The open items that are chosen for one payment: how many, and their sum.

(() => {
  function say(form) {
    const chosen = [...form.querySelectorAll("[name=debts]:checked")];
    const said = form.querySelector("[data-chosen-said]");
    if (!said) return;
    said.dataset.none ??= said.textContent;
    const sum = chosen.reduce((total, box) => total + BigInt(box.dataset.cents), 0n);
    said.textContent = chosen.length ? `${said.dataset.one.replace("%n", chosen.length)} · ${window.money(sum)}` : said.dataset.none;
    form.querySelector(".choosing-foot").classList.toggle("on", chosen.length > 0);
    form.querySelector("[data-chosen-button]")?.classList.toggle("primary", chosen.length > 0);
  }
  document.addEventListener("change", (event) => {
    const form = event.target.closest?.("[data-choosing]");
    if (form) say(form);
  });
  // What was chosen before a form came back with a mistake.
  for (const form of document.querySelectorAll("[data-choosing]")) {
    if (form.querySelector("[name=debts]:checked")) say(form);
  }
})();
