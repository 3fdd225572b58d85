'use client';

import { useId } from 'react';
import { useChosenSetting } from '@/app/_features/app';
import { Panel } from '@/app/_features/ui';
import type { NumberStyle } from '@/lib/engine';
import { t } from './messages';

const STYLES = ['as-is', 'figures', 'words'] as const satisfies readonly NumberStyle[];

/** Whether numbers are written in digits or in words, by every model alike. */
export function NumbersPanel() {
  const [style, choose] = useChosenSetting('numbers');
  const id = useId();
  return (
    <Panel split title={t('numbersAndDates')}>
      <label className="block w-full text-sm sm:w-64">
        <span className="mb-1.5 block font-medium">{t('writeNumbers')}</span>
        <select
          value={style}
          aria-describedby={id}
          onChange={({ target }) => {
            const chosen = STYLES.find((one) => one === target.value);
            if (chosen) void choose(chosen);
          }}
          className="min-h-10 w-full rounded-lg border border-line bg-surface px-3"
        >
          {STYLES.map((one) => (
            <option key={one} value={one}>
              {t(`numbers.${one}`)}
            </option>
          ))}
        </select>
      </label>
      <p id={id} className="mt-2 text-muted text-sm">
        {t('numbersHint')}
      </p>
    </Panel>
  );
}
