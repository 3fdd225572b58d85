'use client';

import { useState } from 'react';
import { Button, Field, Notice, RadioGroup } from '@/app/_features/ui';
import type { CopyOptions, RedactionDraft } from '@/lib/client/redaction';
import {
  type Redaction,
  type RedactionGroup,
  type RedactionKind,
  redactionOf,
  redactText,
} from '@/lib/transcript';
import { t } from '../messages';

/** The longest role, in characters. */
const MAX_ROLE = 60;

/** One name or number: whether it is taken out, its first place, and what stands there instead. */
function GroupRow({
  choice,
  onChange,
}: {
  choice: RedactionChoice;
  onChange: (choice: RedactionChoice) => void;
}) {
  const { group, isOn, role, defaultRole } = choice;
  const { text, count, context } = group;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2">
      <label className="flex min-w-48 flex-1 items-start gap-2.5">
        <input
          type="checkbox"
          aria-label={text}
          checked={isOn}
          onChange={({ target }) => onChange({ ...choice, isOn: target.checked })}
          className="mt-1 size-4 shrink-0 accent-(--accent)"
        />
        <span className="min-w-0 [overflow-wrap:anywhere]">
          <span className="font-medium" dir="auto">
            {text}
          </span>{' '}
          <span className="text-muted tabular-nums">{t('redact.count', { count })}</span>
          {context && (
            <span className="block font-serif text-muted" dir="auto">
              … {context.before}{' '}
              <mark className="rounded-sm bg-mark text-ink">{context.match}</mark> {context.after} …
            </span>
          )}
        </span>
      </label>
      <input
        aria-label={t('redact.roleOf', { text })}
        placeholder={defaultRole}
        value={role}
        maxLength={MAX_ROLE}
        disabled={!isOn}
        dir="auto"
        onChange={({ target }) => onChange({ ...choice, role: target.value })}
        className="min-h-10 w-40 rounded-lg border border-line-strong bg-surface px-3 placeholder:text-muted disabled:opacity-50"
      />
    </li>
  );
}

/** A group with what the user wants of it. */
interface RedactionChoice {
  group: RedactionGroup;
  isOn: boolean;
  /** Empty: the default one. */
  role: string;
  defaultRole: string;
}

/**
 * The choices that a list of groups begins with: what is likely is on, and every group has a number of its kind.
 * @param roleOf the default role of a kind, by number
 */
export function choicesOf(
  groups: readonly RedactionGroup[],
  roleOf: (kind: RedactionKind, number: number) => string,
): RedactionChoice[] {
  const counts = new Map<RedactionKind, number>();
  // what is likely gets the first numbers
  const ordered = [...groups].sort((a, b) => Number(b.isLikely) - Number(a.isLikely));
  return ordered.map((group) => {
    const number = (counts.get(group.kind) ?? 0) + 1;
    counts.set(group.kind, number);
    return { group, isOn: group.isLikely, role: '', defaultRole: roleOf(group.kind, number) };
  });
}

/** What the chosen groups take out. */
export function redactionsOf(choices: readonly RedactionChoice[]): Redaction[] {
  return choices
    .filter(({ isOn }) => isOn)
    .map(({ group, role, defaultRole }) => ({
      phrases: group.phrases,
      role: role.trim() || defaultRole,
    }));
}

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
