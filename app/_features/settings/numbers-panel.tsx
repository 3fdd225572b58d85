'use client';

import { useId } from 'react';
import { useChosenSetting } from '@/app/_features/app';
import { Panel } from '@/app/_features/ui';
import type { NumberStyle } from '@/lib/engine';

const STYLES: readonly { style: NumberStyle; name: string }[] = [
  { style: 'as-is', name: 'As the model writes them' },
  { style: 'figures', name: 'In digits' },
  { style: 'words', name: 'In words' },
];

/** Whether numbers are written in digits or in words, by every model alike. */
export function NumbersPanel() {
  const [style, choose] = useChosenSetting('numbers');
  const id = useId();
  return (
    <Panel split title="Numbers and dates">
      <label className="block w-full text-sm sm:w-64">
        <span className="mb-1.5 block font-medium">Write numbers</span>
        <select
          value={style}
          aria-describedby={id}
          onChange={({ target }) => {
            const chosen = STYLES.find(({ style: one }) => one === target.value);
            if (chosen) void choose(chosen.style);
          }}
          className="min-h-10 w-full rounded-lg border border-line bg-surface px-3"
        >
          {STYLES.map(({ style: one, name }) => (
            <option key={one} value={one}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <p id={id} className="mt-2 text-muted text-sm">
        Dates, times, money and percentages too: “half past two” or 2:30, “five dollars” or $5. In
        digits, numbers below ten that stand alone stay words. English text only; other languages
        keep what the model writes. Holds for files that are started from now on.
      </p>
    </Panel>
  );
}
