'use client';

import type { CaptureChoice } from '@/lib/client/recording/types';
import { useMicrophones } from '../../_hooks/use-recording';
import { useChosenSetting } from '../../_hooks/use-settings';
import { DeviceSelect, Enhancements } from '../record/input-fields';
import { Panel } from '../ui/panel';

/** What recordings are made with. */
export function RecordingPanel() {
  const [choice, choose] = useChosenSetting('capture');
  const microphones = useMicrophones();
  const change = (part: Partial<CaptureChoice>) => void choose({ ...choice, ...part });
  return (
    <Panel split title="Recording">
      <div className="grid gap-5 sm:grid-cols-2">
        <DeviceSelect choice={choice} microphones={microphones} onChange={change} />
        <Enhancements choice={choice} onChange={change} />
      </div>
    </Panel>
  );
}
