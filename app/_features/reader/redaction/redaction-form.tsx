'use client';

import { useState } from 'react';
import { Button, Field, Notice, RadioGroup } from '@/app/_features/ui';
import type { CopyOptions, RedactionDraft } from '@/lib/client/redaction';
import { type RedactionKind, redactionOf, redactText } from '@/lib/transcript';
import { t } from '../messages';
import { choicesOf, type RedactionChoice, redactionsOf } from './choices';
import { GroupRow } from './group-row';

const KINDS = ['added', 'speaker', 'name', 'number', 'address'] as const satisfies RedactionKind[];

const SOUNDS = ['tone', 'silence', 'none'] as const satisfies CopyOptions['sound'][];

/** This many unlikely groups are shown at a time: German texts have a thousand nouns. */
const PAGE = 50;

const roleOf = (kind: RedactionKind, number: number) => t(`redact.role.${kind}`, { number });

/** What is taken out of a copy, and what replaces it in the text and in the audio. */
export function RedactionForm({
  draft: { transcript, groups, hasSound },
  onSubmit,
}: {
  draft: RedactionDraft;
  onSubmit: (options: CopyOptions) => void;
}) {
  const [choices, setChoices] = useState(() => choicesOf(groups, roleOf));
  const [sound, setSound] = useState<CopyOptions['sound']>(hasSound ? 'tone' : 'none');
  /** `null`: the title follows from what is taken out. */
  const [title, setTitle] = useState<string | null>(null);
  const [unlikelyShown, setUnlikelyShown] = useState(PAGE);
  const redactions = redactionsOf(choices);
  const shownTitle =
    title ?? t('redact.copyTitle', { title: redactText(transcript.title, redactions) });
  const change = (changed: RedactionChoice) =>
    setChoices(choices.map((one) => (one.group.key === changed.group.key ? changed : one)));
  const isMain = ({ group }: RedactionChoice) => group.isLikely || group.kind === 'added';
  const unlikely = choices.filter((choice) => !isMain(choice));
  const rows = (list: readonly RedactionChoice[]) => (
    <ul className="divide-y divide-line">
      {list.map((choice) => (
        <GroupRow key={choice.group.key} choice={choice} onChange={change} />
      ))}
    </ul>
  );

  return (
    <div className="space-y-6">
      <p className="text-muted">{t('redact.hint')}</p>
      <AddWord
        transcript={transcript}
        onAdd={(group) => {
          const known = choices.find(({ group: { key } }) => key === group.key);
          if (known) change({ ...known, isOn: true });
          else {
            const number = choices.filter((one) => one.group.kind === 'added').length + 1;
            const defaultRole = roleOf('added', number);
            setChoices([{ group, isOn: true, role: '', defaultRole }, ...choices]);
          }
        }}
      />
      {choices.length === 0 && <p>{t('redact.nothing')}</p>}
      {KINDS.map((kind) => {
        const own = choices.filter((choice) => isMain(choice) && choice.group.kind === kind);
        return (
          own.length > 0 && (
            <section key={kind}>
              <h3 className="font-medium">{t(`redact.kind.${kind}`)}</h3>
              {rows(own)}
            </section>
          )
        );
      })}
      {unlikely.length > 0 && (
        <details>
          <summary className="min-h-8 cursor-pointer font-medium">
            {t('redact.unlikely', { count: unlikely.length })}
          </summary>
          <p className="text-muted">{t('redact.unlikelyHint')}</p>
          {rows(unlikely.slice(0, unlikelyShown))}
          {unlikely.length > unlikelyShown && (
            <Button tone="link" onClick={() => setUnlikelyShown(unlikelyShown + PAGE)}>
              {t('redact.showMore')}
            </Button>
          )}
        </details>
      )}
      <form
        className="space-y-6"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit({ redactions, title: shownTitle, sound });
        }}
      >
        <Field
          label={t('redact.title')}
          name="title"
          dir="auto"
          value={shownTitle}
          onChange={({ target }) => setTitle(target.value)}
        />
        {hasSound ? (
          <RadioGroup
            legend={<legend className="font-medium">{t('redact.sound')}</legend>}
            name="sound"
            options={SOUNDS}
            value={sound}
            textOf={(one) => t(`redact.sound.${one}`)}
            onChange={setSound}
          />
        ) : (
          <p className="text-muted">{t('redact.notKept')}</p>
        )}
        <Notice tone="warn">{t('redact.read')}</Notice>
        <Button type="submit" tone="primary" disabled={redactions.length === 0}>
          {t('redact.start')}
        </Button>
      </form>
    </div>
  );
}

function AddWord({
  transcript,
  onAdd,
}: {
  transcript: RedactionDraft['transcript'];
  onAdd: (group: NonNullable<ReturnType<typeof redactionOf>>) => void;
}) {
  const [text, setText] = useState('');
  const [isMissing, setMissing] = useState(false);
  return (
    <form
      className="flex flex-wrap items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        const group = redactionOf(transcript, text);
        setMissing(!group || group.count === 0);
        if (!group || group.count === 0) return;
        onAdd(group);
        setText('');
      }}
    >
      <div className="min-w-0 flex-1">
        <Field
          label={t('redact.add')}
          name="word"
          dir="auto"
          autoComplete="off"
          value={text}
          onChange={({ target }) => {
            setText(target.value);
            setMissing(false);
          }}
          fault={isMissing ? t('redact.notFound') : undefined}
        />
      </div>
      <Button type="submit" disabled={text.trim() === ''}>
        {t('redact.addButton')}
      </Button>
    </form>
  );
}
