/**
 * Small behaviours of every page. One listener an event on the document and `closest`, so that what htmx swaps in works
 * too. Without JavaScript every form still goes; this only makes it quicker.
 */

/** Put the text of an element on the clipboard and say so on the button. */
async function copy(button) {
  const source = document.querySelector(button.dataset.copy);
  if (!source) return;
  await navigator.clipboard.writeText(source.textContent.trim());
  const before = button.textContent;
  button.textContent = button.dataset.done ?? "✓";
  setTimeout(() => (button.textContent = before), 2000);
}

/** Bring the box that ticks all, and what counts the ticked ones, up to date. */
function count(form) {
  const boxes = [...form.querySelectorAll("[data-tick]")];
  const ticked = boxes.filter((box) => box.checked).length;
  const all = form.querySelector("[data-all]");
  if (all) {
    all.checked = ticked > 0 && ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  }
  for (const shown of form.querySelectorAll("[data-ticked]")) shown.textContent = String(ticked);
  for (const bar of form.querySelectorAll("[data-with-ticked]")) bar.classList.toggle("idle", ticked === 0);
}

function say(text) {
  document.querySelector(".toast")?.remove();
  const toast = document.createElement("p");
  toast.className = "toast";
  toast.setAttribute("role", "alert");
  toast.textContent = text;
  document.body.append(toast);
  setTimeout(() => toast.remove(), 6000);
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("click", (event) => {
  const target = /** @type {Element} */ (event.target);
  closeMenus(target.closest("details.menu"));
  const copier = target.closest("[data-copy]");
  if (copier) copy(copier);
  target.closest("[data-dismiss]")?.parentElement.remove();
  const back = target.closest("[data-back]");
  if (back && document.referrer.startsWith(location.origin)) {
    event.preventDefault();
    history.back();
  }
});

document.addEventListener("change", (event) => {
  const target = /** @type {HTMLInputElement} */ (event.target);
  const form = target.closest("form");
  if (!form) return;
  if (target.matches("[data-all]")) {
    for (const box of form.querySelectorAll("[data-tick]")) box.checked = target.checked;
  }
  if (target.matches("[data-all], [data-tick]")) count(form);
  if (form.matches("[data-autosubmit]")) form.requestSubmit();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.menu[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

// A second click on a slow form must not send it twice.
document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 5000); // somebody may have stopped the loading
});
addEventListener("pageshow", () => {
  for (const form of document.forms) {
    delete form.dataset.sent;
    if (form.querySelector("[data-tick]")) count(form);
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  const form = /** @type {Element} */ (event.target).closest?.("form");
  if (form) count(form);
});
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status === 403 || event.detail.xhr.status === 401) location.reload();
  else say(document.body.dataset.failed);
});
document.addEventListener("htmx:sendError", () => say(document.body.dataset.offline));

for (const form of document.forms) if (form.querySelector("[data-tick]")) count(form);
document.querySelector('.tabs [aria-current="page"]')?.scrollIntoView({ block: "nearest", inline: "center" });

// A session that ended answers a poll with the log-in page, which has no place inside ours.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!event.detail.xhr.responseURL.includes("/accounts/login/")) return;
  event.detail.shouldSwap = false;
  location.reload();
});
