'use client';

import { useChosenSetting } from '@/app/_features/app';
import { DeviceSelect, Enhancements, useMicrophones } from '@/app/_features/recording';
import { Panel } from '@/app/_features/ui';
import type { CaptureChoice } from '@/lib/client/store';
import { t } from './messages';

/** What recordings are made with. */
export function RecordingPanel() {
  const [choice, choose] = useChosenSetting('capture');
  const microphones = useMicrophones();
  const change = (part: Partial<CaptureChoice>) => void choose({ ...choice, ...part });
  return (
    <Panel split title={t('recording')}>
      <div className="grid gap-5 sm:grid-cols-2">
        <DeviceSelect choice={choice} microphones={microphones} onChange={change} />
        <Enhancements choice={choice} onChange={change} />
      </div>
    </Panel>
  );
}
