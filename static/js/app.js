"use strict";
// What HTML and htmx cannot do alone. Every page works without it.

// Cents, as a BigInt, as an amount: for the scripts that add up what is chosen.
window.money = (cents) => {
  const digits = (cents < 0n ? -cents : cents).toString().padStart(3, "0");
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${cents < 0n ? "-" : ""}${whole}.${digits.slice(-2)}`;
};

// What opens below a row at the foot of the window is brought into sight.
document.addEventListener("click", (event) => {
  const panel = event.target.closest?.(".flag-later > summary")?.nextElementSibling;
  if (panel) requestAnimationFrame(() => panel.scrollIntoView({ block: "nearest" }));
});

// A menu closes when something else is clicked, or on Escape.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Dialogs are the browser's own: it keeps the focus inside, closes on Escape and gives the focus back.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog) {
      event.preventDefault();
      dialog.showModal();
    }
    return;
  }
  if (event.target.closest("[data-close-dialog]")) event.target.closest("dialog")?.close();
  else if (event.target.matches("dialog.dialog") && isBeside(event.target, event)) event.target.close();
});

// A click on the veil is a click on the dialog, outside of its box.
function isBeside(dialog, event) {
  const box = dialog.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

document.addEventListener("click", (event) => {
  const close = event.target.closest("[data-close-toast]");
  if (close) close.closest(".toast").remove();
});

// A kept success message is in the way after a while; errors stay until they are closed.
function fadeToasts() {
  for (const toast of document.querySelectorAll(".toast.success, .toast.info")) {
    // What offers to take it back stays for longer.
    setTimeout(() => toast.remove(), toast.querySelector("a") ? 20000 : 6000);
  }
}

// On a phone the filters begin folded, unless something is wrong with them.
function foldFilters() {
  if (!window.matchMedia("(max-width: 760px)").matches) return;
  for (const filters of document.querySelectorAll(".filters > details")) {
    filters.open = !!filters.querySelector(".errors");
    filters.dataset.folded = ""; // from here on the style sheet leaves them alone
  }
}

// A form is sent once; the server recognises the second one by its key, this spares the wait.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

document.addEventListener("DOMContentLoaded", () => {
  fadeToasts();
  foldFilters();
  document.querySelector("[aria-invalid=true]:not(.samples *)")?.focus();
});
document.addEventListener("htmx:afterSettle", (event) => {
  fadeToasts();
  // A form that came back: to the first thing to mend, unless the cursor stands in another.
  const wrong = event.detail.requestConfig?.verb === "post" && event.target.querySelector?.("[aria-invalid=true]");
  if (wrong && !document.activeElement?.matches?.("[aria-invalid=true]")) wrong.focus();
});

// A session that has ended answers a fragment with the sign-in page: show it whole.
document.addEventListener("htmx:beforeSwap", (event) => {
  const asked = new URL(event.detail.pathInfo.requestPath, window.location.href).pathname;
  const answered = new URL(event.detail.xhr.responseURL, window.location.href).pathname;
  if (asked !== answered && answered.endsWith("/login/")) {
    event.detail.shouldSwap = false;
    window.location.reload();
  }
});

// In the search for a customer Enter goes to the first one found, another Enter takes it.
document.addEventListener("keydown", (event) => {
  if (event.target.name !== "customer_search" || event.isComposing) return;
  if (event.key !== "Enter" && event.key !== "ArrowDown") return;
  event.preventDefault();
  document.querySelector(".picker-option")?.focus();
});

// The other language, or another scheme, shows what is shown now: htmx may have changed the address since the page came.
document.addEventListener("submit", (event) => {
  if (event.target.matches(".language, .scheme, .keys-choice")) event.target.elements.next.value = location.pathname + location.search;
});

// Who signs out on purpose leaves nothing behind: no draft, no place, no word of a search. A session that merely ended
// keeps the drafts for its return.
document.addEventListener("submit", (event) => {
  if (!event.target.action?.endsWith("/logout/")) return;
  const user = document.querySelector("[data-user]")?.dataset.user;
  const prefix = user ? `draft:${user}:` : "draft:";
  for (const name of Object.keys(localStorage)) if (name.startsWith(prefix)) localStorage.removeItem(name);
  sessionStorage.clear();
});
