/**
 * The character under a point. The caret is the nearest boundary, which is the wrong side of a character half the time,
 * so the boxes of the neighbours are asked too.
 */
export function unitAt(paper, x, y) {
  let node, offset;
  if (document.caretPositionFromPoint) {
    const caret = document.caretPositionFromPoint(x, y);
    if (!caret) return null;
    [node, offset] = [caret.offsetNode, caret.offset];
  } else {
    const caret = document.caretRangeFromPoint(x, y);
    if (!caret) return null;
    [node, offset] = [caret.startContainer, caret.startOffset];
  }
  const base = paper.offsetOf(node, 0);
  if (base === null || node.nodeType !== Node.TEXT_NODE) return null;
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
