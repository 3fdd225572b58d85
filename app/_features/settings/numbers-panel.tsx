'use client';

import { useChosenSetting } from '@/app/_features/app';
import { Panel, SelectField } from '@/app/_features/ui';
import type { NumberStyle } from '@/lib/engine';
import { t } from './messages';

const STYLES = ['as-is', 'figures', 'words'] as const satisfies readonly NumberStyle[];

/** Whether numbers are written in digits or in words, by every model alike. */
export function NumbersPanel() {
  const [style, choose] = useChosenSetting('numbers');
  return (
    <Panel split title={t('numbersAndDates')}>
      <SelectField
        label={t('writeNumbers')}
        hint={t('numbersHint')}
        value={style}
        onChange={({ target }) => {
          const chosen = STYLES.find((one) => one === target.value);
          if (chosen) void choose(chosen);
        }}
        className="w-full sm:w-64"
      >
        {STYLES.map((one) => (
          <option key={one} value={one}>
            {t(`numbers.${one}`)}
          </option>
        ))}
      </SelectField>
    </Panel>
  );
}
