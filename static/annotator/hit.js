/** From a point on the screen to a place in the text. */

function caretAt(x, y) {
  if (document.caretPositionFromPoint) {
    const caret = document.caretPositionFromPoint(x, y);
    return caret && [caret.offsetNode, caret.offset];
  }
  const caret = document.caretRangeFromPoint(x, y);
  return caret && [caret.startContainer, caret.startOffset];
}

/**
 * The character under a point. The caret is the nearest boundary, which is the wrong side of a character half the time,
 * so the boxes of the neighbours are asked too.
 */
export function unitAt(paper, x, y) {
  const [node, offset] = caretAt(x, y) ?? [];
  if (node?.nodeType !== Node.TEXT_NODE) return null;
  const base = paper.offsetOf(node, 0);
  if (base === null) return null;
  const range = new Range();
  for (const step of [0, -1, -2, 1]) {
    const at = offset + step;
    if (at < 0 || at >= node.data.length) continue;
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    for (const box of range.getClientRects()) {
      if (box.left <= x && x <= box.right && box.top - 6 <= y && y <= box.bottom + 10) return base + at;
    }
  }
  return null;
}

/** The boundary between characters nearest to a point, which may lie outside the text: then nearest to its edge. */
export function boundaryAt(paper, x, y) {
  const box = paper.host.getBoundingClientRect();
  const within = (value, low, high) => Math.min(Math.max(value, low), high);
  const [left, right] = [Math.max(box.left, 0) + 2, Math.min(box.right, innerWidth) - 2];
  const [top, bottom] = [Math.max(box.top, 0) + 2, Math.min(box.bottom, innerHeight) - 2];
  const [node, offset] = caretAt(within(x, left, right), within(y, top, bottom)) ?? [];
  return node ? paper.offsetOf(node, offset) : null;
}
