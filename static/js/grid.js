"use strict";
// A sheet to type and paste into. The server reads what is pasted; its text field holds the rows that are sent.
(() => {
  const sheetOf = (element) => element?.closest?.("[data-grid]");
  const rowsOf = (sheet) => [...sheet.tBodies[0].rows];
  const cellsOf = (row) => [...row.querySelectorAll("[data-cell]")];

  function quoted(text) {
    return /["\t\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }

  // The rows as text, into the field that is sent and kept as a draft.
  function gather(form) {
    const rows = rowsOf(form.querySelector("[data-grid]")).map((row) => cellsOf(row).map((cell) => cell.value.trim()));
    while (rows.length && !rows.at(-1).some(Boolean)) rows.pop();
    const field = form.elements.rows;
    field.value = rows.map((row) => row.map(quoted).join("\t")).join("\n");
    return field;
  }

  function number(sheet) {
    rowsOf(sheet).forEach((row, at) => {
      row.querySelector("th").textContent = at + 1;
      for (const cell of cellsOf(row)) cell.id = `cell-${at + 1}-${cell.dataset.cell}`;
    });
  }

  function addRow(sheet) {
    const rows = rowsOf(sheet);
    if (rows.length >= 200) return null;
    const row = rows.at(-1).cloneNode(true);
    row.classList.remove("wrong");
    for (const said of row.querySelectorAll(".errors, .grid-note")) said.remove();
    for (const cell of cellsOf(row)) {
      cell.value = "";
      cell.removeAttribute("value");
      cell.removeAttribute("aria-invalid");
      cell.removeAttribute("aria-describedby");
      cell.closest("td").classList.remove("wrong");
    }
    sheet.tBodies[0].append(row);
    number(sheet);
    return row;
  }

  function go(cell, down, across) {
    const sheet = sheetOf(cell);
    const rows = rowsOf(sheet);
    const row = cell.closest("tr");
    const at = cellsOf(row).indexOf(cell) + across;
    let target = rows[rows.indexOf(row) + down];
    if (!target && down > 0) target = addRow(sheet);
    const found = target && cellsOf(target)[at];
    if (!found) return false;
    found.focus();
    found.select();
    return true;
  }

  document.addEventListener("keydown", (event) => {
    const cell = event.target.closest?.("[data-cell]");
    if (!cell || event.isComposing) return;
    const { key, ctrlKey, metaKey, shiftKey } = event;
    if (key === "Enter" && (ctrlKey || metaKey)) {
      event.preventDefault();
      cell.form.requestSubmit(cell.form.querySelector("[data-record]"));
    } else if (key === "Enter" || key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      go(cell, key === "ArrowUp" || (key === "Enter" && shiftKey) ? -1 : 1, 0);
    } else if (key === "ArrowLeft" && cell.selectionStart === 0 && cell.selectionEnd === 0) {
      if (go(cell, 0, -1)) event.preventDefault();
    } else if (key === "ArrowRight" && cell.selectionStart === cell.value.length) {
      if (go(cell, 0, 1)) event.preventDefault();
    }
  });

  // Before the listener of the drafts, so that what it keeps is up to date.
  document.addEventListener("input", (event) => {
    const cell = event.target.closest?.("[data-cell]");
    if (cell) gather(cell.form);
  }, true);

  document.addEventListener("click", (event) => {
    const adds = event.target.closest?.("[data-add-row]");
    const removes = event.target.closest?.("[data-remove-row]");
    if (!adds && !removes) return;
    const form = (adds ?? removes).form;
    const sheet = form.querySelector("[data-grid]");
    if (adds) {
      const row = addRow(sheet);
      if (row) cellsOf(row)[0].focus();
      return;
    }
    const row = removes.closest("tr");
    const next = row.nextElementSibling ?? row.previousElementSibling;
    if (!next) addRow(sheet);
    row.remove();
    number(sheet);
    cellsOf(next ?? rowsOf(sheet)[0])[0].focus();
    gather(form).dispatchEvent(new Event("input", { bubbles: true }));
  });

  // --- pasting ------------------------------------------------------------------------------------------------

  function values(form, more) {
    const all = {};
    for (const [name, value] of new FormData(form)) {
      all[name] = name in all ? [].concat(all[name], value) : value;
    }
    return { ...all, ...more };
  }

  // From the cell, not from the form, which would have to be complete before it is sent.
  function send(source, more, focus) {
    const form = source.form;
    const request = { source, target: form.getAttribute("hx-target"), swap: "outerHTML", values: values(form, more) };
    htmx.ajax("POST", form.getAttribute("hx-post"), request).then(() => {
      document.getElementById(focus)?.focus();
      document.querySelector("form[data-draft]")?.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  document.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!/[\t\n]/.test(text.trim())) return;
    const cell = event.target.closest?.("[data-cell]");
    const line = event.target.closest?.("[data-paste-lines] input[name^='lines-']");
    if (cell) {
      event.preventDefault();
      gather(cell.form);
      const row = cell.closest("tr");
      const at = { _paste: text, _row: rowsOf(sheetOf(cell)).indexOf(row), _column: cellsOf(row).indexOf(cell) };
      send(cell, at, cell.id);
    } else if (line) {
      event.preventDefault();
      const [, row] = line.name.match(/^lines-(\d+)-/);
      const inputs = [...line.closest("tr").querySelectorAll("input:not([type=hidden])")];
      send(line, { _paste: text, _row: row, _column: inputs.indexOf(line) }, line.id);
    }
  });
})();
