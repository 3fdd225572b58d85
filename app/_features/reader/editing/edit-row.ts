import { attempt } from '@/app/_features/ui';
import type { Editor } from '@/lib/client/editing';
import type { SegmentRecord } from '@/lib/client/store';
import type { Edit, EditPatch, RowRef } from '@/lib/transcript';
import { t } from '../messages';

/** Names a row in an edit. */
export const rowRef = ({ index, id, startMs, endMs }: SegmentRecord): RowRef => ({
  index,
  id,
  startMs,
  endMs,
});

/** Makes an edit; what is refused is said on the page. @returns what the page shows of it */
export function makeEdit(editor: Editor, edit: Edit, burst?: string): EditPatch | null {
  let patch: EditPatch | null = null;
  // only a text with more words than milliseconds is refused
  void attempt(
    async () => {
      patch = editor.edit(edit, burst);
    },
    { BAD_REQUEST: t('tooManyWords') },
  );
  return patch;
}

/**
 * The character of a row's text at which the caret stands in what was typed: the same but for spaces.
 * @param offset in `typed`
 */
export function offsetInText(text: string, typed: string, offset: number): number {
  let letters = typed.slice(0, offset).replace(/\s/g, '').length;
  let at = 0;
  while (at < text.length && (letters > 0 || text[at] === ' ')) {
    if (letters === 0 && !/\s$/.test(typed.slice(0, offset))) break;
    if (text[at] !== ' ') letters--;
    at++;
  }
  return at;
}
