'use client';

import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import { GiveDialog } from '@/app/_features/dataset';
import { transcribeAgain, useJobs } from '@/app/_features/library';
import { useModelChoice, useModelName } from '@/app/_features/models';
import { Button, Dialog, MenuButton } from '@/app/_features/ui';
import type { Editor } from '@/lib/client/editing';
import type { TranscriptRecord } from '@/lib/client/store';
import { directionOfText, newId } from '@/lib/core';
import type { Paragraph, Speaker } from '@/lib/transcript';
import { useReader, useTools } from '../context';
import { t } from '../messages';
import { RedactionDialog } from '../redaction/redaction-dialog';
import { makeEdit, rowRef, withSpeaker } from './commands';
import { LabelDialog } from './label-dialog';

/** Asks before a recording is transcribed once more. */
function AgainDialog({
  record: { id, model, edits },
  onClose,
}: {
  record: TranscriptRecord;
  onClose: () => void;
}) {
  const inUse = useModelChoice();
  const nameOf = useModelName();
  const isOwnText = model === null || edits?.heldUntilMs === Number.POSITIVE_INFINITY;
  const names = { model: nameOf(inUse?.chosen ?? '') };
  return (
    <Dialog title={t('transcribeAgain')} onClose={onClose}>
      <p className="text-sm">{t(isOwnText ? 'againBeside' : 'againInstead', names)}</p>
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button
          tone="primary"
          onClick={() => {
            onClose();
            void transcribeAgain(id);
          }}
        >
          {t('transcribeAgain')}
        </Button>
      </div>
    </Dialog>
  );
}

/** The direction of a text is that of its beginning, in characters. */
const DIRECTION_CHARACTERS = 1_000;

/** Replaces the whole text with a finished one; the words keep their times. */
function PasteDialog({ editor, onClose }: { editor: Editor; onClose: () => void }) {
  const [text, setText] = useState('');
  const [hasNames, setHasNames] = useState(true);
  const paste = () => {
    const before = editor.speakers();
    const { paragraphs, speakers } = paragraphsOf(text, hasNames, before);
    // names without a word
    if (paragraphs.length === 0) return;
    const patch = makeEdit(editor, {
      kind: 'paste',
      rows: editor.rows().map(rowRef),
      paragraphs,
      ...(speakers.length > before.length && { speakers }),
    });
    if (patch !== false) onClose();
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
          // by `auto` Chromium takes seconds to lay out a megabyte
          dir={directionOfText([text.slice(0, DIRECTION_CHARACTERS)], '')}
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

/** A paragraph of more characters than this, some three minutes of speech, is divided. */
const MAX_PARAGRAPH = 3_000;

/**
 * The parts of a long paragraph: whole sentences of 250 to 600 characters in all; if no sentence ends there, up to 600
 * characters of whole words; if no word ends either, 600 characters.
 */
const PARTS =
  /.{250,600}?(?:[.!?…][\p{Pe}\p{Pf}"']*(?=\s)|[。！？][\p{Pe}\p{Pf}]*|$)|.{1,600}(?=\s|$)|.{1,600}/gsu;

/** At most this long is a name before a colon: a longer one is a sentence. */
const MAX_NAME = 40;

/**
 * Divides a text into its lines, and very long lines further, since a row is drawn, edited and timed as a whole. A line
 * that begins with a short name and a colon starts a turn of a speaker of that name, which includes the lines after it.
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
    for (const part of rest.length > MAX_PARAGRAPH ? (rest.match(PARTS) ?? []) : [rest])
      if (part.trim() !== '')
        paragraphs.push({
          text: part,
          newId: newId(),
          ...(speakerId !== undefined && { speakerId }),
        });
  }
  return { paragraphs, speakers };
}

/** What is done with a text more rarely than typing in it. */
export function MoreMenu({ record }: { record: TranscriptRecord }) {
  const { editor, reader } = useTools();
  const comparing = useReader((state) => state.comparing);
  const [open, setOpen] = useState<'labels' | 'paste' | 'again' | 'redact' | 'give' | null>(null);
  const isRunning = useJobs().jobs.some(({ id }) => id === record.id);
  if (!editor) return null;
  const close = () => setOpen(null);
  return (
    <>
      <MenuButton
        shortens
        label={t('more')}
        icon={<Ellipsis aria-hidden size={16} />}
        items={[
          {
            key: 'speakers',
            label: t('speakers'),
            run: () => {
              const { active, spokenRow } = reader.getState();
              const row = editor.rows()[Math.max(active.row, spokenRow)];
              reader.setState({ speakersOf: row?.id ?? '' });
            },
          },
          ...(record.media === 'kept' && record.state === 'complete'
            ? [{ key: 'labels', label: t('labelSpeakers'), run: () => setOpen('labels') }]
            : []),
          ...(record.edits
            ? [
                {
                  key: 'changes',
                  label: comparing ? t('backToText') : t('changes'),
                  run: () => reader.setState({ comparing: !comparing }),
                },
              ]
            : []),
          ...(record.media === 'kept' && record.state === 'complete' && !isRunning
            ? [{ key: 'again', label: t('transcribeAgain'), run: () => setOpen('again') }]
            : []),
          { key: 'paste', label: t('pasteText'), run: () => setOpen('paste') },
          ...(record.state === 'complete'
            ? [
                { key: 'redact', label: t('redact'), run: () => setOpen('redact') },
                { key: 'give', label: t('giveToTrainingSet'), run: () => setOpen('give') },
              ]
            : []),
        ]}
      />
      {open === 'labels' && <LabelDialog editor={editor} onClose={close} />}
      {open === 'again' && <AgainDialog record={record} onClose={close} />}
      {open === 'redact' && <RedactionDialog onClose={close} />}
      {open === 'give' && <GiveDialog record={record} onClose={close} />}
      {open === 'paste' && <PasteDialog editor={editor} onClose={close} />}
    </>
  );
}
