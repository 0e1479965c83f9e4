/** Values of attributes: what may stand together, what a mark begins with, what comes in with a choice. */

/** The options that the other values allow. */
export function options(attribute, values) {
  const chosen = [values[attribute.depends_on]].flat();
  return attribute.options.filter((o) => !o.when || !attribute.depends_on || o.when.some((v) => chosen.includes(v)));
}

/** The values without those that another value no longer allows, such as the modes of another event type. */
export function fitting(label, values) {
  const kept = { ...values };
  for (const attribute of label?.attributes ?? []) {
    const value = kept[attribute.code];
    if (!attribute.depends_on || !attribute.options || value === undefined) continue;
    const allowed = new Set(options(attribute, kept).map((o) => o.code));
    const good = [value].flat().filter((v) => allowed.has(v));
    if (!good.length) delete kept[attribute.code];
    else if (Array.isArray(value)) kept[attribute.code] = good;
  }
  return kept;
}

/** The attributes of a mark once some values are set; lists grow. */
export function withValues(label, attributes, values) {
  const now = { ...attributes };
  for (const [code, value] of Object.entries(values ?? {})) {
    now[code] = Array.isArray(value) ? [...new Set([...(now[code] ?? []), ...value])] : value;
  }
  return fitting(label, now);
}
