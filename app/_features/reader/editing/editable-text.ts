import type { Word } from '@/lib/transcript';

/** A word as it is drawn. */
export interface DrawnWord extends Word {
  isUnsure: boolean;
  /** As in `data-found` of words that cannot be edited. */
  found: 'yes' | 'now' | undefined;
}

/**
 * The words in an editable element. The browser changes the text; this class draws words, and gets and sets the
 * caret by its offset in the text. React must not render into the element, since it would not know what the
 * browser has changed.
 */
export class EditableText {
  constructor(private readonly element: HTMLElement) {}

  /** The text as typed, with every space. */
  get text(): string {
    return this.element.textContent ?? '';
  }

  /** Replaces the content with words. If the element has the focus, the caret stays at the same characters. */
  draw(words: readonly DrawnWord[], isSpaced: (before: string, after: string) => boolean): void {
    // only with the focus: setting the caret would otherwise take the focus away from elsewhere
    const caret = this.element === document.activeElement ? this.caret() : null;
    const before = this.text;
    const nodes: Node[] = [];
    words.forEach((word, at) => {
      const span = document.createElement('span');
      span.className = 'word';
      span.dataset.word = String(at);
      span.dataset.start = String(word.startMs);
      span.dataset.end = String(word.endMs);
      if (word.isUnsure) span.dataset.unsure = '';
      if (word.found) span.dataset.found = word.found;
      span.textContent = word.text;
      nodes.push(span);
      const next = words[at + 1];
      if (next && isSpaced(word.text, next.text)) nodes.push(document.createTextNode(' '));
    });
    // the space before the word that is being typed
    if (caret === before.length && /\S\s$/.test(before)) nodes.push(document.createTextNode(' '));
    this.element.replaceChildren(...nodes);
    if (caret !== null) this.setCaret(caretAfter(before, this.text, caret));
  }

  /** Offset of the caret, or of the end of the selection; `null`: it is elsewhere. */
  caret(): number | null {
    const range = this.selection();
    return range ? this.offsetOf(range.endContainer, range.endOffset) : null;
  }

  /** The selected characters [from, to); `null`: the selection is elsewhere. */
  selected(): [number, number] | null {
    const range = this.selection();
    return range
      ? [
          this.offsetOf(range.startContainer, range.startOffset),
          this.offsetOf(range.endContainer, range.endOffset),
        ]
      : null;
  }

  /** Offset of the moving end of the selection; `null`: it is elsewhere. */
  focus(): number | null {
    const { focusNode, focusOffset } = window.getSelection() ?? {};
    return focusNode && this.element.contains(focusNode)
      ? this.offsetOf(focusNode, focusOffset ?? 0)
      : null;
  }

  /** The text offset at a point on the page; `null`: the point is outside of the text. */
  offsetAt(x: number, y: number): number | null {
    const at = positionAt(x, y);
    return at && this.element.contains(at.node) ? this.offsetOf(at.node, at.offset) : null;
  }

  /** Sets the caret to an offset. */
  setCaret(offset: number): void {
    const walker = document.createTreeWalker(this.element, NodeFilter.SHOW_TEXT);
    let left = Math.max(0, Math.min(offset, this.text.length));
    let node = walker.nextNode();
    while (node) {
      const length = node.textContent?.length ?? 0;
      if (left <= length) break;
      left -= length;
      node = walker.nextNode();
    }
    const selection = window.getSelection();
    if (node) selection?.collapse(node, left);
    else selection?.collapse(this.element, 0);
  }

  /** Inserts text at the caret, and puts the caret after it. */
  insert(text: string): void {
    const range = this.selection();
    if (!range) return;
    const node = document.createTextNode(text);
    range.insertNode(node);
    window.getSelection()?.collapse(node, text.length);
  }

  /** The word that the caret is in or just after; `null`: the caret is elsewhere. */
  wordAtCaret(): HTMLElement | null {
    const range = this.selection();
    if (!range) return null;
    const { endContainer } = range;
    const element = endContainer instanceof HTMLElement ? endContainer : endContainer.parentElement;
    const own = element?.closest<HTMLElement>('.word');
    if (own && this.element.contains(own)) return own;
    const offset = this.caret() ?? 0;
    let end = 0;
    for (const node of this.element.childNodes) {
      end += node.textContent?.length ?? 0;
      if (end >= offset && node instanceof HTMLElement) return node;
    }
    return this.element.querySelector<HTMLElement>('.word:last-child');
  }

  /** Whether the caret stands in the first (-1) or the last (1) line. */
  isAtEdge(side: -1 | 1): boolean {
    const range = this.selection();
    if (!range) return false;
    const [caret] = range.getClientRects();
    const box = this.element.getBoundingClientRect();
    // an empty text has no line to be in
    if (!caret) return true;
    return side < 0 ? caret.top - box.top < caret.height : box.bottom - caret.bottom < caret.height;
  }

  /** Horizontal position of the caret, in CSS pixels. */
  caretX(): number | null {
    const [caret] = this.selection()?.getClientRects() ?? [];
    return caret?.left ?? null;
  }

  /** Sets the caret in the first (-1) or last (1) line, as near to a horizontal position as possible. */
  enter(side: -1 | 1, x: number | null): void {
    const box = this.element.getBoundingClientRect();
    const lines = [...this.element.getClientRects()];
    const line = side < 0 ? lines[0] : lines.at(-1);
    const y = line ? line.top + line.height / 2 : side < 0 ? box.top + 4 : box.bottom - 4;
    const at = x === null ? null : positionAt(x, y);
    if (at && this.element.contains(at.node)) {
      window.getSelection()?.collapse(at.node, at.offset);
      this.element.focus({ preventScroll: true });
      window.getSelection()?.collapse(at.node, at.offset);
    } else {
      this.element.focus({ preventScroll: true });
      this.setCaret(side < 0 ? 0 : this.text.length);
    }
  }

  private selection(): Range | null {
    const selection = window.getSelection();
    if (!selection || selection.rangeCount === 0) return null;
    const range = selection.getRangeAt(0);
    return this.element.contains(range.endContainer) && this.element.contains(range.startContainer)
      ? range
      : null;
  }

  private offsetOf(node: Node, offset: number): number {
    const range = document.createRange();
    range.selectNodeContents(this.element);
    range.setEnd(node, offset);
    return range.toString().length;
  }
}

/** The caret's offset after its text was replaced, for example because another tab changed the words before it. */
export function caretAfter(before: string, after: string, caret: number): number {
  let same = 0;
  while (same < caret && before[same] === after[same]) same++;
  return same === caret ? caret : Math.max(same, after.length - (before.length - caret));
}

/** The text position under a point. Chromium has one function for it from 128 on, WebKit another. */
function positionAt(x: number, y: number): { node: Node; offset: number } | null {
  if ('caretPositionFromPoint' in document) {
    const position = document.caretPositionFromPoint(x, y);
    return position && { node: position.offsetNode, offset: position.offset };
  }
  const range = (
    document as Document & { caretRangeFromPoint?(x: number, y: number): Range | null }
  ).caretRangeFromPoint?.(x, y); // WebKit's older name, which TypeScript's library leaves out
  return range ? { node: range.startContainer, offset: range.startOffset } : null;
}
