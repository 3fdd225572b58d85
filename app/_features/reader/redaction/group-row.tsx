'use client';

import { t } from '../messages';
import type { RedactionChoice } from './choices';

/** The longest role, in characters. */
const MAX_ROLE = 60;

/** One name or number: whether it is taken out, its first place, and what stands there instead. */
export function GroupRow({
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
