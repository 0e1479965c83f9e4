/** What finding all the same asks of the server, and what it makes of the answers. Offsets of answers are code points. */

import { uuid } from "#annotator/dom.js";

const NOTHING = "00000000-0000-0000-0000-000000000000"; // stands for the id of a job in its address
const PAUSES = [120, 200, 350, 600, 1000]; // ms between two looks at a job

/** An answer that is a refusal: `problem` as the server says it, null where it could not be reached. */
class Refused extends Error {
  constructor(problem) {
    super(problem?.detail ?? "");
    this.problem = problem;
  }
}

async function ask(canvas, url, options = {}) {
  const signal = AbortSignal.any([canvas.listening.signal, ...(options.signal ? [options.signal] : [])]);
  let response, answer;
  try {
    response = await fetch(url, { ...options, signal, headers: { Accept: "application/json", ...options.headers } });
    answer = await response.json();
  } catch (problem) {
    if (signal.aborted) throw problem;
    throw new Refused(null);
  }
  if (!response.ok) throw new Refused(answer);
  return answer;
}

const post = (canvas, url, body) =>
  ask(canvas, url, { method: "POST", body: body && JSON.stringify(body), headers: { "Content-Type": "application/json", "X-CSRFToken": canvas.outbox.csrf } });

/** Why it did not work, for people. */
export function why(canvas, { problem }) {
  if (!problem) return canvas.t("not_reached");
  const details = Object.values(problem.errors ?? {}).flat();
  return details.join(" ") || problem.detail || "";
}

function query(words, forms, more = {}) {
  const flags = Object.entries(forms).map(([name, on]) => [name, on ? "yes" : "no"]);
  return new URLSearchParams([["q", words], ...flags, ...Object.entries(more)]);
}

/** The occurrences in this document. */
export function inDocument(canvas, words, forms, signal) {
  return ask(canvas, `${canvas.state.urls.occurrences}?${query(words, forms)}`, { signal });
}

/** The occurrences in the documents one may write in, some documents at a time, this one first; ends when `signal` says so. */
export async function* inProject(canvas, words, forms, { unassigned, after = 0, signal }) {
  do {
    const more = { first: canvas.state.document.id, unassigned: unassigned ? "yes" : "no", after };
    const page = await ask(canvas, `${canvas.state.urls.same}?${query(words, forms, more)}`, { signal });
    yield page;
    after = page.after;
  } while (after !== null);
}

const jobUrl = (canvas, id) => canvas.state.urls.job.replace(NOTHING, id);

/** Follow a job to its end; `tell` hears how far it is. */
async function follow(canvas, job, tell) {
  for (let n = 0; ["queued", "running"].includes(job.state); n++) {
    tell(job.progress, job.id);
    await new Promise((resolve) => setTimeout(resolve, PAUSES[Math.min(n, PAUSES.length - 1)]));
    try {
      job = await ask(canvas, jobUrl(canvas, job.id));
    } catch (refused) {
      if (refused.problem || canvas.listening.signal.aborted) throw refused; // a network that is away comes back
    }
  }
  return job;
}

/** Mark places in several documents in one act. `body` as the server wants it; its id makes a second sending harmless. */
export async function markAll(canvas, body, tell) {
  await canvas.outbox.settled(8000); // what is on its way stands there before the act
  const job = await follow(canvas, await post(canvas, canvas.state.urls.same, body), tell);
  await canvas.sync.resync().catch(() => {});
  return job;
}

export async function takeBack(canvas, id, tell) {
  const job = await follow(canvas, await post(canvas, `${jobUrl(canvas, id)}undo/`), tell);
  await canvas.sync.resync().catch(() => {});
  return job;
}

export const stop = (canvas, id) => post(canvas, `${jobUrl(canvas, id)}cancel/`);

/** Whether a mark lies at the place of an occurrence, give or take attached letters. */
const samePlace = ({ core, whole }, { start, end }) => whole[0] <= start && start <= core[0] && core[1] <= end && end <= whole[1];

/** The marks over an occurrence of this document as they are now, those on their way included. */
export function marksHere(canvas, hit) {
  const { paper, store } = canvas;
  const [from, to] = [paper.map.toUnits(hit.start), paper.map.toUnits(hit.end)];
  const here = new Map();
  for (const mark of hit.marks) if (!store.removed.has(mark.id) && !store.spans.get(mark.id)) here.set(mark.id, mark);
  for (let i = paper.indexAt(from); i <= paper.indexAt(to - 1); i++) {
    for (const span of store.spans.in(i)) {
      if (span.from < to && from < span.to) here.set(span.id, { id: span.id, label: span.label, same_place: samePlace(hit, span) });
    }
  }
  return [...here.values()];
}

/** Have the marks over these occurrences here, also far from where one reads. */
export async function bring(canvas, hits) {
  if (!canvas.store.far) return;
  const far = await canvas.fetching();
  await Promise.all(hits.map(({ start }) => far.need(start, start).catch(() => {})));
}

/** Pick the marks with the words and the label of one. Returns how many there are besides it. */
export async function pickSame(canvas, span) {
  const { paper, picking, saving } = canvas;
  let found;
  try {
    found = await inDocument(canvas, paper.quote(span.from, span.to), {});
  } catch (refused) {
    return saving.say(why(canvas, refused)), true;
  }
  await bring(canvas, found.occurrences.filter((hit) => hit.marks.length));
  const marks = found.occurrences.flatMap((hit) => marksHere(canvas, hit));
  const ids = new Set(marks.filter((mark) => mark.label === span.label && mark.same_place && mark.id !== span.id).map((mark) => mark.id));
  if (ids.size) picking.pickSeveral([...ids, span.id]);
  return ids.size;
}

/** The edit that marks an occurrence of this document as `span` says. What is suggested there is taken over. */
export function markEdit(canvas, hit, { label, ...fields }) {
  const { paper, store } = canvas;
  const edit = store.add(label, paper.map.toUnits(hit.start), paper.map.toUnits(hit.end));
  Object.assign(edit.span, fields);
  return edit;
}

export const newAct = uuid;
