"use strict";
// Files that were chosen, photographed or dropped are named, and go up with the form's button once their kind and note
// are said: one after the other, with their progress in sight. Without this the form sends them by itself.

const uploads = new WeakMap();

function panelOf(form) {
  return form.closest(".files");
}

function sendOne(form, file, said, bar, count) {
  return new Promise((resolve) => {
    const data = new FormData();
    for (const name of ["csrfmiddlewaretoken", "kind", "note"]) data.append(name, form.elements[name].value);
    data.append("files", file, file.name);
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    // The answer is the panel alone, as it is for htmx.
    request.setRequestHeader("HX-Request", "true");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = Math.round((event.loaded / event.total) * 100);
    });
    request.addEventListener("load", () => resolve(request));
    request.addEventListener("error", () => resolve(null));
    said.textContent = `${said.dataset.sending} ${file.name}${count}`;
    bar.value = 0;
    request.send(data);
  });
}

function drawPanel(panel, html, refusals) {
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector(".files");
  if (!fresh) return panel;
  const told = fresh.querySelector(".files-told");
  for (const refusal of refusals) told.prepend(refusal);
  panel.replaceWith(fresh);
  if (window.htmx) window.htmx.process(fresh);
  return fresh;
}

async function sendAll(form, files) {
  if (uploads.has(form)) return;
  uploads.set(form, true);
  const progress = form.querySelector("[data-upload-progress]");
  const said = form.querySelector("[data-upload-said]");
  const bar = form.querySelector("progress");
  progress.hidden = false;
  const refusals = [];
  let last = null;
  for (const [index, file] of [...files].entries()) {
    const answer = await sendOne(form, file, said, bar, files.length > 1 ? ` (${index + 1}/${files.length})` : "");
    if (answer && new URL(answer.responseURL).pathname.endsWith("/login/")) {
      window.location.reload();
      return;
    }
    if (!answer || answer.status !== 200) {
      const trouble = document.createElement("p");
      trouble.className = "errors";
      trouble.textContent = `${file.name}: ${answer && answer.status === 413 ? said.dataset.large : said.dataset.failed}`;
      refusals.push(trouble);
      continue;
    }
    last = answer.responseText;
    const page = new DOMParser().parseFromString(last, "text/html");
    if (index < files.length - 1) refusals.push(...page.querySelectorAll(".files-told .errors"));
  }
  uploads.delete(form);
  const panel = panelOf(form);
  if (last !== null) {
    const fresh = drawPanel(panel, last, refusals);
    fresh.querySelector("[data-upload-input]")?.focus();
    return;
  }
  progress.hidden = true;
  panel.querySelector(".files-told").replaceChildren(...refusals);
}

function chosenIn(form) {
  return [...form.querySelectorAll("[data-upload-input]")].flatMap((input) => [...input.files]);
}

function nameChosen(form) {
  form.querySelector("[data-upload-chosen]").textContent = chosenIn(form)
    .map((file) => file.name)
    .join(" · ");
  panelOf(form).querySelector(".files-told").replaceChildren();
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-upload-input]")) nameChosen(event.target.form);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-upload]")) return;
  event.preventDefault();
  const files = chosenIn(form);
  if (files.length) {
    sendAll(form, files);
    return;
  }
  const missing = document.createElement("p");
  missing.className = "errors";
  missing.textContent = form.dataset.none;
  panelOf(form).querySelector(".files-told").replaceChildren(missing);
});

for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const form = event.target.closest?.(".files")?.querySelector("[data-upload]");
    if (!form || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    form.classList.toggle("is-over", kind === "dragover");
    if (kind !== "drop" || uploads.has(form)) return;
    form.querySelector("[data-upload-input][multiple]").files = event.dataTransfer.files;
    nameChosen(form);
  });
}
