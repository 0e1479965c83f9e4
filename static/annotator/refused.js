/** What was refused: the list of it with what can be done, and two versions of one mark to choose between. */

import { h, short, uuid } from "#annotator/dom.js";

/** @param saving its `refused` entries are listed */
export function listRefused(saving) {
  const { canvas, outbox, refused } = saving;
  const here = refused.filter((entry) => entry.document === canvas.state.document.id);
  const others = refused.filter((entry) => !here.includes(entry));
  const dialog = openDialog(canvas, canvas.t("rejected_title"));
  for (const entry of [...here, ...others]) {
    dialog.append(
      h(
        "article",
        { class: "refused" },
        h("p", {}, what(canvas, entry.edit)),
        h("p", { class: "fault" }, reasons(entry.problem)),
        h(
          "div",
          { class: "actions" },
          entry.problem.code === "stale" && here.includes(entry)
            ? h("button", { type: "button", onclick: () => (dialog.close(), compareVersions(saving, entry)) }, canvas.t("compare"))
            : h("button", { type: "button", onclick: choice(canvas, dialog, () => outbox.retry([entry])) }, canvas.t("retry")),
          h("button", { type: "button", class: "quiet danger", onclick: choice(canvas, dialog, () => outbox.discard([entry])) }, canvas.t("dismiss")),
        ),
      ),
    );
  }
  dialog.showModal();
}

function choice(canvas, dialog, work) {
  return async () => {
    dialog.close();
    await work();
    await canvas.sync.resync().catch(() => {});
  };
}

function what(canvas, edit) {
  const span = canvas.store.spans.get(edit.span?.id);
  const label = edit.span?.label ?? span?.label;
  const quote = edit.span?.quote ?? (span && canvas.store.quote(span)) ?? "";
  const act = canvas.t(`op_${edit.op}`);
  return [act, label && canvas.name(canvas.store.labels.get(label)), quote && `“${short(quote, 60)}”`].filter(Boolean).join(" · ");
}

/** Somebody, or this person in another tab, changed the same mark: both versions, and a choice. */
export function compareVersions(saving, entry) {
  const { canvas, outbox } = saving;
  const { current } = entry.problem;
  const mine = entry.edit.span ?? entry.edit.relation ?? {};
  const dialog = openDialog(canvas, canvas.t("stale_title"));
  const edit = { ...entry.edit, id: uuid(), base_version: current.version };
  dialog.append(
    h(
      "div",
      { class: "versions" },
      h("section", {}, h("h3", {}, canvas.t("mine")), version(canvas, entry.edit.op.startsWith("delete") ? null : mine, current)),
      h("section", {}, h("h3", {}, canvas.t("theirs")), version(canvas, current, current)),
    ),
    h(
      "div",
      { class: "actions" },
      h("button", { type: "button", onclick: choice(canvas, dialog, () => outbox.discard([entry])) }, canvas.t("take_theirs")),
      h("button", { type: "button", class: "primary", onclick: choice(canvas, dialog, () => outbox.retry([{ ...entry, edit }])) }, canvas.t("keep_mine")),
    ),
  );
  dialog.showModal();
}

function version(canvas, fields, current) {
  if (!fields) return h("p", {}, canvas.t("removed"));
  const all = { ...current, ...fields };
  const label = canvas.store.labels.get(all.label) ?? canvas.store.relationTypes.get(all.type);
  const rows = Object.entries(all.attributes ?? {}).map(([code, value]) => {
    const attribute = label?.attributes?.find((a) => a.code === code);
    const words = [value].flat().map((v) => canvas.name(attribute?.options?.find((o) => o.code === v)) || (v.quote ?? String(v)));
    return [h("dt", {}, canvas.name(attribute) || code), h("dd", {}, words.join("، "))];
  });
  const entity = canvas.store.entity(all.entity);
  if (entity) rows.push([h("dt", {}, canvas.t("actor")), h("dd", {}, canvas.name(entity))]);
  if (all.note) rows.push([h("dt", {}, canvas.t("note")), h("dd", { dir: "auto" }, all.note)]);
  return [h("p", {}, h("b", {}, canvas.name(label)), all.quote && h("q", { dir: "auto" }, short(all.quote, 120))), h("dl", {}, rows)];
}

function openDialog(canvas, title) {
  const close = h("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, canvas.t("close"));
  const dialog = h("dialog", { class: "sheet-dialog", onclose: () => dialog.remove() }, h("header", {}, h("h2", {}, title), close));
  document.body.append(dialog);
  return dialog;
}

function reasons(problem) {
  const why = Object.values(problem.errors ?? {}).flat();
  return why.length ? why.join(" ") : problem.detail;
}
