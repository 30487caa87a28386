"use strict";
// What is typed in a form that posts is kept in this browser until it is recorded: for the person who typed it, at the
// address where it was typed. The form's key is kept too, so that what was sent and never answered is posted once.
(() => {
  const PREFIX = "draft:";
  const LONGEST = 7 * 24 * 3600 * 1000;
  const NOT_KEPT = new Set(["csrfmiddlewaretoken"]);
  const touched = new WeakSet();

  const place = () => location.pathname + location.search;
  const prefixOf = (form) => `${PREFIX}${form.dataset.user}:`;
  const keyOf = (form) => form.elements.key?.value ?? "";
  // Two windows at one address each keep what is theirs.
  const nameOf = (form) => `${prefixOf(form)}${place()}#${keyOf(form)}`;

  function read(name) {
    try {
      return JSON.parse(localStorage.getItem(name));
    } catch {
      return null;
    }
  }

  function names(prefix = PREFIX) {
    return Object.keys(localStorage).filter((name) => name.startsWith(prefix));
  }

  function latest(form) {
    const drafts = names(`${prefixOf(form)}${place()}#`).map(read).filter(Boolean);
    return drafts.sort((one, other) => other.at - one.at)[0] ?? null;
  }

  function forget(prefix, key) {
    for (const name of names(prefix)) if (read(name)?.key === key) localStorage.removeItem(name);
  }

  function forgetOld() {
    for (const name of names()) {
      const draft = read(name);
      if (!draft || Date.now() - draft.at > LONGEST) localStorage.removeItem(name);
    }
  }

  function keep(form) {
    const pairs = [...new FormData(form)].filter(([name, value]) => !NOT_KEPT.has(name) && typeof value === "string");
    const key = keyOf(form);
    forget(prefixOf(form), key);
    try {
      localStorage.setItem(nameOf(form), JSON.stringify({ key, at: Date.now(), pairs }));
    } catch {
      // A full or forbidden storage keeps nothing; the form works as it always did.
    }
  }

  function tell(text, level = "error") {
    const toasts = document.getElementById("toasts");
    if (!toasts || !text) return;
    for (const other of toasts.querySelectorAll("[data-of-drafts]")) other.remove();
    const toast = document.createElement("div");
    toast.className = `toast ${level}`;
    toast.dataset.ofDrafts = "";
    const said = document.createElement("p");
    said.textContent = text;
    const close = document.createElement("button");
    close.type = "button";
    close.dataset.closeToast = "";
    close.textContent = "✕";
    close.setAttribute("aria-label", "✕");
    toast.append(said, close);
    toasts.append(toast);
  }

  // --- restoring ----------------------------------------------------------------------------------------------

  function showNotice(form, at) {
    const notice = form.querySelector("[data-draft-notice]");
    if (!notice) return;
    const since = new Date(at);
    const two = (number) => String(number).padStart(2, "0");
    const clock = `${two(since.getHours())}:${two(since.getMinutes())}`;
    const isToday = since.toDateString() === new Date().toDateString();
    notice.querySelector("time").textContent = isToday ? clock : `${since.getMonth() + 1}-${since.getDate()} ${clock}`;
    notice.hidden = false;
  }

  function fill(form, pairs) {
    for (const field of form.querySelectorAll("[type=checkbox], [type=radio]")) {
      field.checked = pairs.some(([name, value]) => name === field.name && value === field.value);
    }
    for (const [name, value] of pairs) {
      const field = form.elements[name];
      if (field && "value" in field && !["checkbox", "radio"].includes(field.type)) field.value = value;
    }
  }

  function restore() {
    forgetOld();
    const form = document.querySelector("form[data-draft]");
    if (!form || form.querySelector(".errors, .form-errors")) return;
    const draft = latest(form);
    if (!draft) return;
    if (form.dataset.draft !== "redraw") {
      fill(form, draft.pairs);
      touched.add(form);
      showNotice(form, draft.at);
      return;
    }
    // The server draws the form as it was, with all of its rows; nothing of it is judged yet.
    const values = { _redraw: "draft" };
    for (const [name, value] of draft.pairs) {
      values[name] = name in values ? [].concat(values[name], value) : value;
    }
    const target = form.getAttribute("hx-target");
    const source = document.body;
    // A click before the answer would be undone by it.
    form.inert = true;
    htmx.ajax("POST", form.getAttribute("hx-post"), { source, target, swap: "outerHTML", values }).then(() => {
      form.inert = false;
      const drawn = document.querySelector("form[data-draft]");
      if (!drawn) return;
      touched.add(drawn);
      showNotice(drawn, draft.at);
    });
  }

  // --- keeping ------------------------------------------------------------------------------------------------

  function heard(event) {
    const form = event.target.closest?.("form[data-draft]");
    if (!form) return;
    if (event.target.name === "customer_search") return;
    touched.add(form);
    keep(form);
  }
  document.addEventListener("input", heard);
  document.addEventListener("change", heard);

  // The server has drawn the form anew, with another customer or one row more.
  let before = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const form = document.querySelector("form[data-draft]");
    const said = event.detail.requestConfig?.parameters;
    const isChosen = !!said && ("_choose" in said || said._redraw === "customer");
    before = form && (touched.has(form) || isChosen) ? form.elements.key?.value : null;
  });
  document.addEventListener("htmx:afterSettle", () => {
    const form = document.querySelector("form[data-draft]");
    // One that was recorded has made room for the next, which has another key.
    if (!form || before === null || form.elements.key?.value !== before) return;
    touched.add(form);
    keep(form);
  });

  document.addEventListener("recorded", (event) => forget(PREFIX, event.detail.key));

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-draft-discard]");
    if (!button) return;
    const form = button.closest("form");
    forget(prefixOf(form), keyOf(form));
    location.reload();
  });

  // --- what goes wrong on the way -----------------------------------------------------------------------------

  const formOf = (event) => (event.detail.elt ?? event.target)?.closest?.("form[data-draft]");

  for (const lost of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(lost, (event) => {
      const form = formOf(event);
      if (!form) return;
      keep(form);
      if (event.detail.elt === form) tell(form.dataset.lost);
    });
  }
  document.addEventListener("htmx:responseError", (event) => {
    const form = formOf(event);
    if (!form || event.detail.elt !== form) return;
    keep(form);
    // The page is older than the session: it comes back anew, with what was typed.
    if (event.detail.xhr.status === 403) location.reload();
    else tell(form.dataset.lost);
  });

  document.addEventListener("DOMContentLoaded", restore);
})();
