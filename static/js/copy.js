"use strict";
// A button that says `data-copy="ID"` copies the value of that input and says so beside it; without this it stays hidden.
document.querySelectorAll("[data-copy]").forEach((button) => {
  const input = document.getElementById(button.dataset.copy);
  const said = button.parentElement.querySelector("[data-copied]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    input.select();
    let done = false;
    try {
      // Only pages by https, or of this machine, have a clipboard.
      if (navigator.clipboard) await navigator.clipboard.writeText(input.value);
      done = Boolean(navigator.clipboard) || document.execCommand("copy");
    } catch {
      done = document.execCommand("copy");
    }
    button.focus();
    said.textContent = done ? said.dataset.copied : said.dataset.notCopied;
  });
});
