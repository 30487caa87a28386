"use strict";
// Quick entry by keyboard: the customer is a combobox, a product brings its last unit and price along.
(() => {
  const search = (target) => target?.closest?.("[role=combobox][name=customer_search]");
  const listOf = (input) => document.getElementById(input.getAttribute("aria-controls"));
  const optionsOf = (input) => [...listOf(input).querySelectorAll("[role=option]")];
  let waiting = null; // Enter was pressed before the options of what is typed had come.

  function mark(input, option) {
    for (const other of optionsOf(input)) other.setAttribute("aria-selected", String(other === option));
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  function marked(input) {
    return listOf(input).querySelector("[role=option][aria-selected=true]");
  }

  document.addEventListener("keydown", (event) => {
    const input = search(event.target);
    if (!input || event.isComposing) return;
    const options = optionsOf(input);
    const at = options.indexOf(marked(input));
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (options.length) mark(input, options[(at + step + options.length + (at < 0 && step < 0 ? 1 : 0)) % options.length]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (listOf(input).dataset.words !== input.value) {
        waiting = input.value;
        htmx.trigger(input, "search-now");
      } else (marked(input) ?? options[0])?.click();
    } else if (event.key === "Escape") {
      input.value = "";
      htmx.trigger(input, "search-now");
    }
  }, true);

  document.addEventListener("htmx:afterSettle", () => {
    const input = document.querySelector("[role=combobox][name=customer_search]");
    if (!input) return;
    mark(input, marked(input));
    if (waiting !== null && listOf(input).dataset.words === waiting) {
      waiting = null;
      optionsOf(input)[0]?.click();
    }
  });

  // --- products ---------------------------------------------------------------------------------------------

  const remembered = () => [...(document.getElementById("products")?.options ?? [])];

  function cell(product, name) {
    return product.form.elements[product.name.replace(/product$/, name)];
  }

  function take(product, option) {
    product.value = option.value;
    const unit = cell(product, "unit");
    const price = cell(product, "unit_price");
    if (!unit.value) unit.value = option.dataset.unit;
    if (!price.value) price.value = option.dataset.price;
    product.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // What is typed of a product is completed where only one that was bought before begins with it.
  document.addEventListener("change", (event) => {
    const product = event.target;
    if (!product.matches?.("input[name$='-product'][list]") || !product.value.trim()) return;
    const typed = product.value.trim().toLowerCase();
    const options = remembered();
    const same = options.filter((option) => option.value.toLowerCase() === typed);
    const found = same.length ? same : options.filter((option) => option.value.toLowerCase().startsWith(typed));
    if (found.length === 1) take(product, found[0]);
  }, true);

  document.addEventListener("click", (event) => {
    const chip = event.target.closest?.("[data-product]");
    if (!chip) return;
    const form = chip.closest("form");
    const products = [...form.querySelectorAll("input[name$='-product']")];
    const option = remembered().find((one) => one.value === chip.dataset.product);
    const free = products.find((product) => !product.value.trim());
    if (!option || !free) return;
    take(free, option);
    cell(free, "quantity").focus();
  });
})();
