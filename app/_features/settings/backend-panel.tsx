'use client';

import { useState } from 'react';
import { getApp, useChosenSetting, useSetting } from '@/app/_features/app';
import {
  choiceText,
  reasonText,
  SelfTestList,
  useModelChoice,
  useTestedModel,
} from '@/app/_features/models';
import { attempt, Button, formatDate, Panel, SelectField } from '@/app/_features/ui';
import type { Settings } from '@/lib/client/store';
import { t } from './messages';

const CHOICES = ['auto', 'webgpu', 'wasm'] as const satisfies readonly Settings['backend'][];

/** What the model runs on, what was measured here, and why it was chosen. */
export function BackendPanel() {
  const [chosen, choose] = useChosenSetting('backend');
  const choices = useSetting('backendChoices');
  const now = useModelChoice()?.now ?? null;
  const choice = choices[now ?? ''];
  const tested = useTestedModel();
  const [asked, setAsked] = useState(false);
  const busy = asked || (tested !== null && tested === now);

  const check = async () => {
    setAsked(true);
    await attempt(() => getApp().chooseBackend(true));
    setAsked(false);
  };

  return (
    <Panel split title={t('processing')}>
      <div className="flex flex-wrap items-end gap-3">
        <SelectField
          label={t('backend')}
          value={chosen}
          onChange={(event) => {
            const next = CHOICES.find((value) => value === event.target.value);
            if (next) void choose(next);
          }}
          className="w-48"
        >
          {CHOICES.map((value) => (
            <option key={value} value={value}>
              {t(value)}
            </option>
          ))}
        </SelectField>
        <Button disabled={busy} onClick={() => void check()}>
          {busy ? t('checking') : t('checkAgain')}
        </Button>
      </div>
      <p className="mt-2 text-muted text-sm">{t('backendHint')}</p>
      <div role="status" className="mt-4 text-sm">
        {choice ? (
          <div className="rounded-lg border border-line bg-surface px-4 py-3">
            <p className="font-medium">{choiceText(choice, chosen)}</p>
            <p className="mt-0.5 [overflow-wrap:anywhere]">{reasonText(choice, chosen)}</p>
            <SelfTestList results={choice.trials} />
            <p className="mt-2 text-muted">
              {t('checkedOn', { date: formatDate(choice.chosenAt) })}
            </p>
          </div>
        ) : (
          <p className="text-muted">{t(busy ? 'checking' : 'notCheckedYet')}</p>
        )}
      </div>
    </Panel>
  );
}
