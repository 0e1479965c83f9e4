/**
 * Asks before a form with `data-confirm` (or its button with one) is sent. The dialog stands in the page as
 * `template#confirm`, so that its words are in the page's language.
 */

const template = /** @type {HTMLTemplateElement | null} */ (document.querySelector("template#confirm"));

/** Resolves to whether the person agreed. */
function ask(question) {
  const dialog = /** @type {HTMLDialogElement} */ (template.content.firstElementChild.cloneNode(true));
  dialog.querySelector("p").textContent = question;
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

// In the capture phase: before htmx and before the guard against sending twice.
document.addEventListener(
  "submit",
  async (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const button = /** @type {HTMLElement | null} */ (event.submitter);
    const question = button?.dataset.confirm ?? form.dataset.confirm;
    if (!question || !template) return;
    if (form.dataset.agreed) {
      delete form.dataset.agreed;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (await ask(question)) {
      form.dataset.agreed = "1";
      form.requestSubmit(button ?? undefined);
    } else {
      button?.focus();
    }
  },
  true,
);
