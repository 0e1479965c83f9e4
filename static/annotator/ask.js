/** Asking the server for other things than edits: with the token of whatever session is open, and words for what fails. */

/**
 * Send a form. Fulfilled with {ok, status, body}: status 0 when the network is dead, 401 when nobody is logged in;
 * `body.detail` says what was wrong.
 */
export async function post(canvas, url, fields, { keepalive = false } = {}) {
  const body = new URLSearchParams(fields);
  const send = () => {
    const headers = { "X-CSRFToken": csrf(canvas), Accept: "application/json" };
    return fetch(url, { method: "POST", body, headers, keepalive, signal: AbortSignal.timeout(30_000) });
  };
  try {
    let response = await send();
    if (response.status === 403 && !isJson(response) && (await renew(canvas))) response = await send();
    return await read(canvas, response);
  } catch {
    return { ok: false, status: 0, body: { detail: canvas.t("not_reached") } };
  }
}

/** The same for reading; with `html` the body is text. */
export async function get(canvas, url, { html = false } = {}) {
  try {
    const response = await fetch(url, { headers: { Accept: html ? "text/html" : "application/json" }, signal: AbortSignal.timeout(30_000) });
    return html && response.ok && !response.redirected ? { ok: true, status: response.status, body: await response.text() } : await read(canvas, response);
  } catch {
    return { ok: false, status: 0, body: { detail: canvas.t("not_reached") } };
  }
}

const isJson = (response) => (response.headers.get("Content-Type") ?? "").includes("json");

export const csrf = (canvas) => canvas.outbox?.csrf ?? canvas.state.csrf;

async function read(canvas, response) {
  if (response.status === 204) return { ok: true, status: 204, body: {} };
  // Who is not logged in is led to the log-in page.
  if (response.redirected || response.status === 401 || (response.status === 403 && !isJson(response))) return { ok: false, status: 401, body: { detail: canvas.t("logged_out") } };
  const body = isJson(response) ? await response.json() : { detail: canvas.t(response.ok ? "not_reached" : "failed") };
  return { ok: response.ok && isJson(response), status: response.status, body };
}

/** Take up the token of the session that is open now, if it is this person's. */
async function renew(canvas) {
  const { state } = canvas;
  const response = await fetch(state.urls.session, { headers: { Accept: "application/json" } });
  const { user, csrf: token } = await response.json();
  if (user !== state.user || token === csrf(canvas)) return false;
  state.csrf = token;
  if (canvas.outbox) canvas.outbox.csrf = token;
  return true;
}
