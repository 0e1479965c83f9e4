/** What a mark still lacks for its submission, by its label and by the rules of the codebook. */

/** Whether a value counts as not given. */
export const isEmpty = (value) =>
  value === undefined || value === null || (typeof value === "string" && !value.trim()) || (Array.isArray(value) && !value.length);

/** The rules that ask something of a mark as it is. */
export function rulesOn(codebook, span) {
  const holds = (rule) => Object.entries(rule.if).every(([code, wanted]) => [span.attributes[code]].flat().some((v) => wanted.includes(v)));
  return (codebook.rules ?? []).filter((rule) => rule.label === span.label && holds(rule));
}

/** Codes of the attributes that are missing. */
export function missing({ codebook, labels }, span) {
  const lacks = (code) => isEmpty(span.attributes[code]);
  const required = (labels.get(span.label)?.attributes ?? []).filter((a) => a.required).map((a) => a.code);
  const asked = rulesOn(codebook, span).filter(({ level = "submit" }) => level === "submit").flatMap((rule) => rule.require);
  return [...required, ...asked].filter(lacks);
}
