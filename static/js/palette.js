"use strict";
// The command palette: one field, under it what the server finds and what can be done. Enter without a choice, or
// without JavaScript, leads to the page of the search.

(() => {
  const palette = document.getElementById("palette");
  if (!palette) {
    // At the door nothing of the one who left is kept.
    for (const key of Object.keys(sessionStorage)) if (key.startsWith("recent-")) sessionStorage.removeItem(key);
    return;
  }
  const input = palette.querySelector("input");
  const list = document.getElementById("palette-list");
  const said = document.getElementById("palette-said");
  const WAIT = 120;
  const MOST_RECENT = 8;

  // --- what was opened lately: names and addresses in this tab alone, no amounts ---------------------------

  const recentKey = `recent-${palette.dataset.user}`;

  function recent() {
    try {
      return JSON.parse(sessionStorage.getItem(recentKey)) || [];
    } catch {
      return [];
    }
  }

  function remember(label, url) {
    if (!label) return;
    const kept = [{ label, url }, ...recent().filter((item) => item.url !== url)].slice(0, MOST_RECENT);
    try {
      sessionStorage.setItem(recentKey, JSON.stringify(kept));
    } catch {
      // A browser that keeps nothing remembers nothing.
    }
  }

  if (/^\/(customers|ledger)\/\d+\/$/.test(location.pathname)) {
    const heading = document.querySelector("h1");
    // What stands beside the name in a heading, a badge or an amount, is not kept.
    const name = heading && Array.from(heading.childNodes, (node) => (node.nodeType === Node.TEXT_NODE ? node.data : "")).join(" ");
    remember((name || document.title.split(" · ")[0]).replace(/\s+/g, " ").trim(), location.pathname);
  }

  function recentGroup() {
    const items = recent().filter((item) => item.url !== location.pathname);
    if (!items.length) return null;
    const group = document.createElement("div");
    group.setAttribute("role", "group");
    group.setAttribute("aria-labelledby", "palette-recent");
    const head = document.createElement("div");
    head.className = "palette-head";
    head.id = "palette-recent";
    head.textContent = palette.dataset.recent;
    group.append(head);
    items.forEach((item, n) => {
      const option = document.createElement("a");
      option.className = "palette-option";
      option.id = `palette-recent-${n + 1}`;
      option.href = item.url;
      option.tabIndex = -1;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      const what = document.createElement("span");
      what.className = "palette-what";
      what.textContent = item.label;
      option.append(what);
      group.append(option);
    });
    return group;
  }

  // --- asking ------------------------------------------------------------------------------------------------

  let asked = null; // the request under way; only the answer to the latest question is shown
  let timer = 0;
  let within = ""; // the address of a customer's actions, while these are shown
  let shownFor = null; // the words that the options on the screen answer

  function ask(address, words) {
    asked?.abort();
    const request = new AbortController();
    asked = request;
    fetch(address, { signal: request.signal, headers: { "X-Requested-With": "palette" }, credentials: "same-origin" })
      .then((response) => {
        if (response.redirected && new URL(response.url).pathname.endsWith("/login/")) location.reload();
        if (!response.ok) throw new Error(String(response.status));
        return response.text();
      })
      .then((text) => {
        if (asked !== request) return;
        list.innerHTML = text;
        const lately = !words && !within && recentGroup();
        if (lately) list.prepend(lately);
        shownFor = words;
        list.scrollTop = 0;
        choose(options()[0]);
        const count = options().length;
        said.textContent = count ? String(count) : list.textContent.trim();
      })
      .catch((error) => {
        if (error.name === "AbortError" || asked !== request) return;
        list.textContent = palette.dataset.failed;
        said.textContent = palette.dataset.failed;
        choose(null);
      });
  }

  function askForWords() {
    within = "";
    const words = input.value.trim();
    ask(`${palette.dataset.options}?${new URLSearchParams({ q: words })}`, words);
  }

  function enter(address) {
    clearTimeout(timer);
    within = address;
    ask(address, input.value.trim());
  }

  // --- choosing ----------------------------------------------------------------------------------------------

  const options = () => Array.from(list.querySelectorAll("[role=option]:not([aria-disabled])"));
  const chosen = () => list.querySelector("[role=option][aria-selected=true]");

  function choose(option) {
    for (const other of list.querySelectorAll("[aria-selected=true]")) other.setAttribute("aria-selected", "false");
    if (!option) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function step(by) {
    const all = options();
    if (!all.length) return;
    const now = all.indexOf(chosen());
    choose(all[(now + by + all.length) % all.length]);
  }

  // --- opening and closing -----------------------------------------------------------------------------------

  function open(words) {
    if (palette.open) return;
    for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
    input.value = words || "";
    within = "";
    shownFor = null;
    list.replaceChildren();
    palette.showModal();
    input.focus();
    input.select();
    askForWords();
  }

  // The window of the dialog gives the focus back to where it was.
  function close() {
    asked?.abort();
    clearTimeout(timer);
    palette.close();
  }

  function back() {
    if (within) askForWords();
    else close();
  }

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (palette.open) close();
    else if (!document.querySelector("dialog[open]")) open();
  });

  // The search box of the top bar: whatever carries data-palette opens the palette instead.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-palette]");
    if (!opener || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const field = opener.matches("input") ? opener : opener.querySelector("input");
    open(field ? field.value : "");
  });

  palette.addEventListener("click", (event) => {
    const more = event.target.closest("[data-palette-within]");
    if (more) {
      enter(more.dataset.paletteWithin);
      input.focus();
      return;
    }
    if (event.target === palette || event.target.closest("[data-close-palette]")) {
      close();
      return;
    }
    const option = event.target.closest("a[role=option]");
    if (option?.dataset.label) remember(option.dataset.label, new URL(option.href).pathname);
  });

  palette.addEventListener("cancel", (event) => {
    event.preventDefault();
    back();
  });

  input.addEventListener("input", () => {
    clearTimeout(timer);
    within = "";
    timer = setTimeout(askForWords, WAIT);
  });

  palette.addEventListener("keydown", (event) => {
    // While Chinese is being composed the keys belong to the input method.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") {
      event.preventDefault();
      back();
    } else if (event.target !== input) {
      return;
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Tab" && !event.shiftKey && chosen()?.dataset.within) {
      event.preventDefault();
      enter(chosen().dataset.within);
    } else if (event.key === "Backspace" && within && !event.ctrlKey) {
      event.preventDefault();
      askForWords();
    } else if (event.key === "Enter") {
      // What stands there may answer other words than those typed since: then the page of the search is right.
      const option = within || shownFor === input.value.trim() ? chosen() : null;
      if (!option && !input.value.trim()) event.preventDefault();
      if (!option) return;
      event.preventDefault();
      if (event.ctrlKey || event.metaKey) {
        window.open(option.href, "_blank", "noopener");
        return;
      }
      option.click();
    }
  });
  input.form.addEventListener("submit", (event) => {
    if (!input.value.trim()) event.preventDefault();
  });
})();
