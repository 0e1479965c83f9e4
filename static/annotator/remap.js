/** All keys as they are now, by group, and another key for any of them. Loaded when it is first asked for. */

import { grouped, keycap, nameOf } from "#annotator/caps.js";
import { pressOf } from "#annotator/commands.js";
import { h } from "#annotator/dom.js";
import { prefer } from "#annotator/preferences.js";

// What an Arabic keyboard (101) prints on the same keys.
const ARABIC = Object.fromEntries(
  [..."QWERTYUIOPASDFGHJKLZXCVNM"].map((latin, i) => [`Key${latin}`, [..."ضصثقفغعهخحشسيبلاتنمئءؤرىة"][i]]),
);
ARABIC.KeyB = "لا";
const ARABIC_SIGNS = { BracketLeft: "ج", BracketRight: "د", Semicolon: "ك", Quote: "ط", Comma: "و", Period: "ز", Slash: "ظ", Backquote: "ذ" };

const HELD = /^(Control|Alt|Shift|Meta|OS)(Left|Right)?$/;
// What the browser keeps for itself, or what a page needs to stay usable.
const RESERVED = new Set([
  "Escape", "Tab", "Shift+Tab", "CapsLock", "ContextMenu", "F1", "F3", "F5", "F6", "F7", "F10", "F11", "F12", "Control+F5", "Alt+F4",
  ..."ACLNOPRSTVWX".split("").map((letter) => `Control+Key${letter}`), ..."INTWJCR".split("").map((letter) => `Control+Shift+Key${letter}`),
  ..."123456789".split("").map((digit) => `Control+Digit${digit}`), "Control+Digit0", "Control+Minus", "Control+Equal", "Control+Tab", "Control+Shift+Tab",
  "Control+PageUp", "Control+PageDown", "PrintScreen",
]);

/** A press as keys to look at, with what an Arabic keyboard prints there. */
function caps(press) {
  const code = press.split("+").at(-1);
  const arabic = ARABIC[code] ?? ARABIC_SIGNS[code];
  return h("kbd", {}, keycap(press), arabic && h("i", { lang: "ar" }, arabic));
}

/** Why a press cannot be a key for anything, null when it can. */
export function refusal(press) {
  const parts = press.split("+");
  if (RESERVED.has(press) || !parts.at(-1) || parts.at(-1) === "Unidentified") return "key_reserved";
  return null;
}

export function showKeys(canvas) {
  const { commands, t } = canvas;
  const body = h("div", { class: "keys-body" });
  const live = h("p", { class: "spoken", "aria-live": "polite" });
  let asking = null; // the id of the command that waits for a press
  let found = null; // {press, others} of a press that something else lies on
  let fault = "";

  const own = () => canvas.preferences.keys ?? {};
  const save = (keys) => {
    prefer(canvas, "keys", Object.keys(keys).length ? keys : null);
    commands.remapped();
    canvas.favourites.rekeyed();
    asking = found = null;
    fault = "";
    draw();
  };
  const same = (a, b) => a.length === b.length && a.every((x, i) => x === b[i]);
  const give = (id, press) => {
    const keys = { ...own() };
    for (const other of commands.on(press)) if (other.id !== id) keys[other.id] = commands.keysOf(other).filter((one) => one !== press);
    keys[id] = [press];
    for (const [each, list] of Object.entries(keys)) if (commands.byId.has(each) && same(list, commands.byId.get(each).keys)) delete keys[each];
    save(keys);
  };
  const reset = (id) => {
    const { [id]: _mine, ...rest } = own();
    save(rest);
  };

  const press = (event) => {
    if (!asking || (found && ["Enter", "Space", "Tab"].includes(event.code))) return; // those press the buttons of the answer
    event.preventDefault();
    event.stopPropagation();
    if (HELD.test(event.code) || event.isComposing) return;
    if (event.code === "Escape") {
      asking = found = null;
      fault = "";
      return draw();
    }
    const wanted = pressOf(event);
    const why = refusal(wanted);
    const others = commands.on(wanted).filter((other) => other.id !== asking);
    fault = why ? t(why, { key: keycap(wanted) }) : "";
    found = why ? null : { press: wanted, others };
    if (found && !others.length) return give(asking, wanted);
    draw();
  };

  const row = (command) => {
    const keys = commands.keysOf(command);
    const changed = command.id in own();
    const waiting = asking === command.id;
    const name = nameOf(canvas, command);
    const change = { type: "button", class: "caps", "data-change": command.id, title: t("change"), "aria-label": t("change_key", { name }), onclick: () => ((asking = command.id), (found = null), (fault = ""), draw()) };
    const back = { type: "button", class: "quiet small", title: t("key_back"), "aria-label": `${t("key_back")}: ${name}`, onclick: () => reset(command.id) };
    return h(
      "li",
      { "data-command": command.id, "data-asking": waiting || null },
      h("span", { class: "name" }, name),
      changed && !waiting && h("button", back, "↺"),
      h("button", change, waiting ? h("em", {}, t("press_key")) : keys.length ? keys.map(caps) : h("em", {}, t("no_key"))),
      waiting && answer(command),
    );
  };
  const answer = (command) => {
    if (fault) return h("p", { class: "fault", role: "alert" }, fault);
    if (!found) return h("p", { class: "hint" }, t("press_key_hint"));
    const names = found.others.map((other) => nameOf(canvas, other)).join(" · ");
    const taken = found.press;
    return h(
      "div",
      { class: "conflict", role: "alert" },
      h("p", {}, caps(taken), " ", t("key_taken", { name: names })),
      h("button", { type: "button", class: "small primary", "data-take": "", onclick: () => give(command.id, taken) }, t("key_take")),
      h("button", { type: "button", class: "quiet small", onclick: () => ((asking = found = null), draw()) }, t("cancel")),
    );
  };
  const draw = () => {
    const focused = root.contains(document.activeElement) ? document.activeElement.dataset.change : null;
    const place = body.scrollTop;
    const all = Object.keys(own()).length > 0 && h("button", { type: "button", class: "small", "data-reset": "", onclick: () => save({}) }, t("keys_back"));
    body.replaceChildren(
      ...grouped(commands.byId.values()).map(([group, some]) => h("section", {}, h("h3", {}, t(`group_${group}`)), h("ul", { class: "keys-list" }, some.map(row)))),
      h("section", {}, h("ul", { class: "keys-list" }, h("li", {}, h("span", { class: "name" }, t("key_esc")), h("span", { class: "caps" }, h("kbd", {}, "Esc"))))),
    );
    foot.replaceChildren(h("p", { class: "hint" }, t("keys_place")), ...(all ? [all] : []));
    body.scrollTop = place;
    (body.querySelector("[data-take]") ?? body.querySelector(`[data-change="${CSS.escape(asking ?? focused ?? "")}"]`))?.focus();
    live.textContent = asking ? fault || (found ? "" : t("press_key")) : "";
  };
  const foot = h("footer", { class: "keys-foot" });
  const close = h("button", { type: "button", class: "quiet", onclick: () => root.close() }, t("close"));
  const root = h("dialog", { class: "sheet-dialog keys-dialog", "aria-label": t("keys"), onclose: () => root.remove() }, h("header", {}, h("h2", {}, t("keys")), close), body, foot, live);
  root.addEventListener("keydown", press, true);
  root.addEventListener("cancel", (event) => asking && event.preventDefault());
  document.body.append(root);
  draw();
  root.showModal();
}
