'use client';

import { useId, useState } from 'react';
import { Field, type FormField } from '@/app/_features/ui';
import { LIFETIME_S } from '@/lib/contracts';
import { t } from './messages';
import { dayAhead, LAST_DAY, LIFETIMES } from './share-facts';

/** Until when a link opens. */
export function ExpiryFields({ day }: { day: FormField }) {
  const id = useId();
  const [choice, setChoice] = useState(String(LIFETIME_S.usual));
  const now = new Date();
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <div>
        <label htmlFor={id} className="mb-1.5 block font-medium text-sm">
          {t('expires')}
        </label>
        <select
          id={id}
          name="expires"
          value={choice}
          onChange={(event) => {
            setChoice(event.target.value);
            day.onChange();
          }}
          className="block min-h-10 w-full rounded-lg border border-line-strong bg-surface px-3 text-base sm:text-sm"
        >
          {LIFETIMES.map(({ value, name }) => (
            <option key={value} value={value}>
              {t(`lifetime.${name}`)}
            </option>
          ))}
        </select>
      </div>
      {choice === 'date' && (
        <Field
          label={t('lastDay')}
          type="date"
          defaultValue={dayAhead(30, now)}
          min={dayAhead(0, now)}
          max={dayAhead(LAST_DAY, now)}
          {...day}
        />
      )}
    </div>
  );
}
