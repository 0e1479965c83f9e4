/** Keeping what the person has chosen for all their work: reading, keys, favourites. */

import { csrf } from "#annotator/ask.js";

const WAIT = 400; // ms; what is chosen within them goes in one request

const unsent = new WeakMap(); // canvas -> what is to be kept

/** Choose it here and keep it on the server. */
export function prefer(canvas, key, value) {
  canvas.state.preferences = { ...canvas.preferences, [key]: value };
  if (!unsent.has(canvas)) setTimeout(() => keep(canvas), WAIT);
  unsent.set(canvas, { ...unsent.get(canvas), [key]: value });
}

function keep(canvas) {
  const body = JSON.stringify(unsent.get(canvas));
  unsent.delete(canvas);
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf(canvas) };
  return fetch(canvas.state.urls.preferences, { method: "POST", headers, body, keepalive: true }).catch(() => {});
}
