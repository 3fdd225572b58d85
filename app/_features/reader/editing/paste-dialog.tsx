'use client';

import { useState } from 'react';
import { Button, Dialog } from '@/app/_features/ui';
import type { Editor } from '@/lib/client/editing';
import type { Paragraph, Speaker } from '@/lib/transcript';
import { t } from '../messages';
import { withSpeaker } from './commands';
import { makeEdit, rowRef } from './edit-row';

/** Puts a finished text in the place of the whole one; the words keep their times. */
export function PasteDialog({ editor, onClose }: { editor: Editor; onClose: () => void }) {
  const [text, setText] = useState('');
  const [hasNames, setHasNames] = useState(true);
  const paste = () => {
    const before = editor.speakers();
    const { paragraphs, speakers } = paragraphsOf(text, hasNames, before);
    makeEdit(editor, {
      kind: 'paste',
      rows: editor.rows().map(rowRef),
      paragraphs,
      ...(speakers.length > before.length && { speakers }),
    });
    onClose();
  };
  return (
    <Dialog title={t('pasteText')} onClose={onClose}>
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          paste();
        }}
      >
        <p className="text-muted text-sm">{t('pasteTextHint')}</p>
        <textarea
          aria-label={t('finishedText')}
          dir="auto"
          rows={10}
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="w-full rounded-lg border border-line bg-bg p-3 font-serif"
        />
        <label className="flex min-h-8 items-center gap-2 text-sm">
          <input
            type="checkbox"
            className="size-4 accent-(--accent)"
            checked={hasNames}
            onChange={(event) => setHasNames(event.target.checked)}
          />
          {t('namesBeforeColon')}
        </label>
        <Button type="submit" tone="primary" disabled={text.trim() === ''}>
          {t('useThisText')}
        </Button>
      </form>
    </Dialog>
  );
}

/** At most this long is a name before a colon: a longer one is a sentence. */
const MAX_NAME = 40;

/**
 * A text by its lines. A line that begins with a short name and a colon is said by somebody of that name;
 * those after it, too.
 */
export function paragraphsOf(
  text: string,
  hasNames: boolean,
  known: readonly Speaker[],
): { paragraphs: Paragraph[]; speakers: Speaker[] } {
  let speakers = [...known];
  let speakerId: string | undefined;
  const paragraphs: Paragraph[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '') continue;
    const [start = '', name = ''] =
      (hasNames && new RegExp(`^\\s*([^:.?!]{1,${MAX_NAME}}):\\s+`, 'u').exec(line)) || [];
    if (name !== '') {
      const found = speakers.find((one) => one.name.toLowerCase() === name.trim().toLowerCase());
      if (found) speakerId = found.id;
      else ({ speakers, id: speakerId } = withSpeaker(speakers, name));
    }
    const rest = line.slice(start.length);
    const newId = crypto.randomUUID();
    if (rest.trim() !== '')
      paragraphs.push({ text: rest, newId, ...(speakerId !== undefined && { speakerId }) });
  }
  return { paragraphs, speakers };
}
