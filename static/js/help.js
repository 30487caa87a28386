"use strict";
// `?` and the link of help open the keys of the page and the way into the manual. A part of a page that has keys of its
// own names them in a section with data-keys-of, the selector of what has to be there for them to work.

(() => {
  const help = document.getElementById("help");
  if (!help) return;

  function open() {
    if (document.querySelector("dialog[open]")) return;
    for (const keys of help.querySelectorAll("[data-keys-of]")) keys.hidden = !document.querySelector(keys.dataset.keysOf);
    help.showModal();
    help.querySelector("[data-first]").focus();
  }

  document.addEventListener("keydown", (event) => {
    if (document.documentElement.dataset.letterKeys === "off") return;
    if (event.key !== "?" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")) return;
    event.preventDefault();
    open();
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-help]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });
})();
