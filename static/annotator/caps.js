/** Keys that the page names: <kbd data-cap="command"> wherever they stand, and those of the labels in the foot. */

/** Show them as they are now. */
export function refreshCaps(canvas) {
  for (const shown of document.querySelectorAll("[data-cap]")) {
    const now = canvas.commands.cap(shown.dataset.cap);
    shown.hidden = now.hidden;
    shown.textContent = now.textContent;
  }
  const labels = [...(canvas.part("labels")?.querySelectorAll("kbd:not([hidden])") ?? [])];
  canvas.part("label-keys")?.replaceChildren(...labels.map((kbd) => kbd.cloneNode(true)));
}
