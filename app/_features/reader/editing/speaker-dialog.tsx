'use client';

import { useEffect, useRef, useState } from 'react';
import {
  Button,
  Dialog,
  formatDuration,
  RadioGroup,
  Select,
  useTypedText,
} from '@/app/_features/ui';
import type { Editor } from '@/lib/client/editing';
import type { SegmentRecord } from '@/lib/client/store';
import type { Speaker } from '@/lib/transcript';
import { useReader, useTools } from '../context';
import { useFocusBack } from '../focus-back';
import { t } from '../messages';
import { type ShownSpeaker, shownSpeakers } from '../speakers';
import {
  assignSpeaker,
  mergeSpeaker,
  renameSpeaker,
  rowsInScope,
  type SpeakerScope,
  withSpeaker,
} from './commands';

interface Props {
  segments: readonly SegmentRecord[];
  speakers: readonly Speaker[];
}

/** Who speaks in a row, and the list of all speakers. */
export function SpeakerDialog(props: Props) {
  const { editor } = useTools();
  const rowId = useReader((state) => state.speakersOf);
  return rowId !== null && editor && <Opened {...props} editor={editor} rowId={rowId} />;
}

function Opened({ segments, speakers, editor, rowId }: Props & { editor: Editor; rowId: string }) {
  const { reader } = useTools();
  // the label that it was opened by goes when its row gets the speaker of the row before
  useFocusBack();
  const close = () => reader.setState({ speakersOf: null });
  const row = segments.find(({ id }) => id === rowId);
  const shown = [...shownSpeakers(speakers).values()];
  return (
    <Dialog title={t('speakers')} onClose={close}>
      <div className="space-y-6">
        {row && <Assign editor={editor} row={row} shown={shown} onDone={close} />}
        {shown.length > 0 && <Speakers editor={editor} segments={segments} shown={shown} />}
        {!row && shown.length === 0 && <p className="text-muted text-sm">{t('noSpeakers')}</p>}
      </div>
    </Dialog>
  );
}

const SCOPES = ['row', 'onwards', 'speaker'] as const satisfies SpeakerScope[];

function Assign({
  editor,
  row,
  shown,
  onDone,
}: {
  editor: Editor;
  row: SegmentRecord;
  shown: readonly ShownSpeaker[];
  onDone: () => void;
}) {
  const [scope, setScope] = useState<SpeakerScope>('row');
  const [name, setName] = useState('');
  const current = shown.find(({ id }) => id === row.speakerId);
  const assign = (speakerId: string | null, speakers?: Speaker[]) => {
    assignSpeaker(editor, rowsInScope(editor.rows(), row.id, scope), speakerId, speakers);
    onDone();
  };
  return (
    <div className="space-y-4">
      <p className="line-clamp-2 font-serif text-muted">{row.text}</p>
      <RadioGroup
        legend={<legend className="sr-only">{t('speakerScope')}</legend>}
        name="scope"
        options={SCOPES}
        value={scope}
        textOf={(one) => {
          if (one !== 'speaker') return t(`scope.${one}`);
          return current ? t('scope.speaker', { name: current.name }) : t('scope.nobody');
        }}
        onChange={setScope}
      />
      <div className="flex flex-wrap gap-2">
        {shown.map((speaker) => (
          <Button
            key={speaker.id}
            aria-pressed={speaker.id === row.speakerId}
            className={speaker.id === row.speakerId ? 'border-accent' : ''}
            onClick={() => assign(speaker.id)}
          >
            <Name speaker={speaker} />
            {speaker.key !== null && (
              <kbd className="font-mono text-muted text-xs">{`${t('key.Alt')} ${speaker.key}`}</kbd>
            )}
          </Button>
        ))}
        {row.speakerId !== null && (
          <Button tone="quiet" onClick={() => assign(null)}>
            {t('nobody')}
          </Button>
        )}
      </div>
      <form
        className="flex gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          const { id, speakers } = withSpeaker(editor.speakers(), name);
          assign(id, speakers);
        }}
      >
        <input
          aria-label={t('newSpeaker')}
          placeholder={t('newSpeaker')}
          dir="auto"
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
          className="min-h-10 min-w-0 flex-1 rounded-lg border border-line bg-surface px-3 text-sm"
        />
        <Button type="submit" tone="primary">
          {t('addSpeaker')}
        </Button>
      </form>
    </div>
  );
}

function Speakers({
  editor,
  segments,
  shown,
}: {
  editor: Editor;
  segments: readonly SegmentRecord[];
  shown: readonly ShownSpeaker[];
}) {
  return (
    <section className="space-y-2 border-line border-t pt-4">
      <h3 className="font-medium text-sm">{t('allSpeakers')}</h3>
      <ul className="space-y-2">
        {shown.map((speaker) => {
          const own = segments.filter(({ speakerId }) => speakerId === speaker.id);
          const spokenMs = own.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
          return (
            <li key={speaker.id} className="flex flex-wrap items-center gap-2">
              <span aria-hidden style={{ color: `var(--speaker-${speaker.colour})` }}>
                {speaker.shape}
              </span>
              <NameField editor={editor} speaker={speaker} />
              <span className="text-muted text-sm tabular-nums">{formatDuration(spokenMs)}</span>
              <Select
                aria-label={t('mergeSpeaker', { name: speaker.name })}
                value=""
                onChange={(event) =>
                  mergeSpeaker(
                    editor,
                    speaker.id,
                    event.target.value === '-' ? null : event.target.value,
                  )
                }
                className="max-w-48 px-2 text-sm max-sm:max-w-none max-sm:flex-1"
              >
                <option value="">{t('mergeInto')}</option>
                {shown
                  .filter(({ id }) => id !== speaker.id)
                  .map(({ id, name }) => (
                    <option key={id} value={id}>
                      {name}
                    </option>
                  ))}
                <option value="-">{t('nobody')}</option>
              </Select>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** A speaker's name: saved on Enter, or when one leaves it or the page; given up by Escape, which closes the dialog. */
function NameField({ editor, speaker: { id, name } }: { editor: Editor; speaker: ShownSpeaker }) {
  const field = useRef<HTMLInputElement>(null);
  const typed = useTypedText(name, async (text) => {
    // the editor keeps it at once, and stores it when it can
    renameSpeaker(editor, id, text);
    return true;
  });
  // undone, or renamed in another tab
  useEffect(() => {
    if (field.current) field.current.value = name;
  }, [name]);
  return (
    <input
      ref={field}
      aria-label={t('nameOf', { name })}
      defaultValue={name}
      dir="auto"
      maxLength={100}
      className="min-h-10 min-w-32 flex-1 rounded-lg border border-line bg-surface px-3 text-sm"
      onInput={typed.onInput}
      onBlur={typed.commit}
      onKeyDown={({ key, nativeEvent }) => {
        if (nativeEvent.isComposing) return; // Enter and Escape belong to the input method
        if (key === 'Enter') typed.commit();
        else if (key === 'Escape') typed.drop();
      }}
    />
  );
}

function Name({ speaker }: { speaker: ShownSpeaker }) {
  return (
    <span className="[overflow-wrap:anywhere]">
      <span aria-hidden style={{ color: `var(--speaker-${speaker.colour})` }}>
        {speaker.shape}{' '}
      </span>
      {speaker.name}
    </span>
  );
}
