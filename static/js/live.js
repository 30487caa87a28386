"use strict";
// Regions that keep up with what others record meanwhile: elements with `data-live`, hx-get and hx-trigger="live".
// They are asked for while the page is seen and online. What is being edited, chosen or read in a menu is never
// replaced: a bar tells of the change instead. config/live.py is the other half, docs/live.md tells both.
(() => {
  const EVERY = 20_000;
  const LONGEST = 300_000;
  const MARKED = 4_000;
  const VERSION = "X-Live-Version";
  let wait = EVERY;
  let last = Date.now();
  let ended = false;
  let timer = 0;

  const regions = () => document.querySelectorAll("[data-live]");
  const isAsking = (event) => event.detail?.requestConfig?.triggeringEvent?.type === "live";

  // --- asking ---------------------------------------------------------------------------------------------

  function tick() {
    last = Date.now();
    for (const region of regions()) {
      if (!region.matches(".htmx-request") && !region.querySelector(".htmx-request")) htmx.trigger(region, "live");
    }
  }

  function plan() {
    clearTimeout(timer);
    // Not all windows of a firm at the same moment.
    if (!ended) timer = setTimeout(look, wait + Math.random() * 2_000);
  }

  function look() {
    if (document.visibilityState === "visible" && navigator.onLine && regions().length) tick();
    plan();
  }

  function lookNow() {
    if (!ended && document.visibilityState === "visible" && Date.now() - last >= EVERY) look();
  }

  document.addEventListener("DOMContentLoaded", plan);
  document.addEventListener("visibilitychange", lookNow);
  window.addEventListener("online", lookNow);
  // Whoever has just changed something that others see may ask at once.
  document.addEventListener("live:ask", () => {
    if (!ended) tick();
  });

  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.triggeringEvent?.type === "live") event.detail.headers[VERSION] = event.target.dataset.liveVersion || "";
  });

  // --- is anybody at work in it? --------------------------------------------------------------------------

  const isChanged = (field) => {
    if (field.type === "hidden") return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.matches("select")) {
      const chosen = [...field.options];
      return chosen.some((option) => option.defaultSelected) && chosen.some((option) => option.selected !== option.defaultSelected);
    }
    return field.value !== field.defaultValue;
  };

  function isBusy(region) {
    if (document.querySelector("dialog[open]")) return true;
    const focused = document.activeElement;
    if (region.contains(focused) && focused.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")) return true;
    // What unfolds without being typed into says data-live-stays, and is unfolded again.
    if (region.querySelector("details[open]:not([data-live-stays])")) return true;
    const selection = document.getSelection();
    if (selection && !selection.isCollapsed && region.contains(selection.anchorNode)) return true;
    return [...region.querySelectorAll("input, textarea, select")].some(isChanged);
  }

  // --- the answer -----------------------------------------------------------------------------------------

  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (!isAsking(event)) return;
    const { xhr, elt: region, pathInfo } = event.detail;
    const asked = new URL(pathInfo.requestPath, location.href).pathname;
    const answered = new URL(xhr.responseURL || location.href, location.href).pathname;
    if (asked !== answered || xhr.status === 401 || xhr.status === 403) {
      event.preventDefault();
      end();
    } else if (xhr.status >= 400) {
      event.preventDefault();
      wait = Math.min(wait * 2, LONGEST);
    } else {
      wait = EVERY;
      if (xhr.status === 204) region.dataset.liveVersion = xhr.getResponseHeader(VERSION) || region.dataset.liveVersion;
    }
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!isAsking(event) || event.detail.xhr.status === 204) return;
    const region = event.detail.requestConfig.elt;
    if (!region.isConnected) {
      event.detail.shouldSwap = false;
      return;
    }
    const wanted = region.dataset.liveWanted !== undefined;
    if (!wanted && isBusy(region)) {
      event.detail.shouldSwap = false;
      tell(region, event.detail.xhr.responseText);
      return;
    }
    event.detail.swapOverride = "outerHTML";
    remember(region);
  });

  // A region that asks by itself leaves the address as it is.
  document.addEventListener("htmx:beforeHistoryUpdate", (event) => {
    if (isAsking(event)) Object.assign(event.detail.history, { type: "replace", path: location.pathname + location.search });
  });

  function tell(region, text) {
    const drawn = new DOMParser().parseFromString(text, "text/html").querySelector("[data-live-said]");
    const bar = region.querySelector("[data-live-bar]");
    if (!bar) return;
    const said = drawn?.textContent || "";
    const shown = bar.querySelector("[data-live-said]");
    if (said && shown.textContent !== said) shown.textContent = said;
    bar.hidden = false;
  }

  document.addEventListener("click", (event) => {
    const show = event.target.closest("[data-live-show]");
    const region = show?.closest("[data-live]");
    if (!region) return;
    region.dataset.liveWanted = "";
    htmx.trigger(region, "live");
  });

  function end() {
    ended = true;
    clearTimeout(timer);
    for (const region of regions()) {
      const bar = region.querySelector("[data-live-bar]");
      const words = region.querySelector("[data-live-ended]");
      if (!bar || !words) continue;
      bar.replaceChildren(words.content.cloneNode(true));
      bar.hidden = false;
    }
  }

  // --- what stays as it was, and what has changed ---------------------------------------------------------

  let kept = null;

  const rowsOf = (region) => new Map([...region.querySelectorAll("[data-live-row]")].map((row) => [row.id, row.textContent.replace(/\s+/g, " ")]));
  const focusable = "a[href], button, input, select, textarea, summary, [tabindex]";

  function remember(region) {
    const focused = region.contains(document.activeElement) ? document.activeElement : null;
    const home = focused?.closest("[data-live-row], [id]") || null;
    const anchor = [...region.querySelectorAll("[data-live-row]")].find((row) => row.getBoundingClientRect().bottom > 0);
    kept = {
      id: region.id,
      rows: rowsOf(region),
      open: [...region.querySelectorAll("details[open]")].map((details) => details.id).filter(Boolean),
      // What was typed and not sent, where somebody asked for the news all the same.
      typed: [...region.querySelectorAll("input, textarea, select")].filter((field) => field.id && isChanged(field)).map((field) => [field.id, field.value, field.checked]),
      focus: focused && home ? [home.id, [...home.querySelectorAll(focusable)].indexOf(focused)] : null,
      anchor: anchor ? [anchor.id, anchor.getBoundingClientRect().top] : null,
    };
  }

  document.addEventListener("htmx:afterSettle", (event) => {
    if (!kept || !isAsking(event)) return;
    const was = kept;
    kept = null;
    const region = document.getElementById(was.id);
    if (!region) return;
    for (const id of was.open) {
      const details = document.getElementById(id);
      if (details) details.open = true;
    }
    for (const [id, value, checked] of was.typed) {
      const field = document.getElementById(id);
      if (!field) continue;
      if (field.type === "checkbox" || field.type === "radio") field.checked = checked;
      else field.value = value;
    }
    if (was.focus) {
      const home = document.getElementById(was.focus[0]);
      const again = was.focus[1] < 0 ? home : home?.querySelectorAll(focusable)[was.focus[1]];
      again?.focus({ preventScroll: true });
    }
    const anchor = was.anchor && document.getElementById(was.anchor[0]);
    if (anchor) window.scrollBy(0, anchor.getBoundingClientRect().top - was.anchor[1]);
    mark(region, was.rows);
    announce(region.querySelector("[data-live-said]")?.textContent || "");
  });

  function mark(region, before) {
    for (const [id, text] of rowsOf(region)) {
      if (!id || before.get(id) === text) continue;
      const row = document.getElementById(id);
      row.classList.add("live-changed");
      setTimeout(() => row.classList.remove("live-changed"), MARKED);
    }
  }

  function announce(words) {
    let place = document.getElementById("live-said");
    if (!place) {
      place = document.createElement("p");
      place.id = "live-said";
      place.className = "visually-hidden";
      place.setAttribute("role", "status");
      document.body.append(place);
    }
    place.textContent = words;
  }
})();
