'use client';

import type { Microphone } from '@/lib/client/recording';
import type { CaptureChoice } from '@/lib/client/store';
import { t } from './messages';

interface Props {
  choice: CaptureChoice;
  onChange: (part: Partial<CaptureChoice>) => void;
}

/** Which microphone; one that is not plugged in now stays chosen. */
export function DeviceSelect({
  choice,
  microphones,
  onChange,
}: Props & { microphones: readonly Microphone[] }) {
  const named = microphones.filter(({ label }) => label !== '');
  const isThere = choice.deviceId === null || named.some(({ id }) => id === choice.deviceId);
  return (
    <label className="block text-sm">
      <span className="mb-1.5 block font-medium">{t('inputDevice')}</span>
      <select
        value={choice.deviceId ?? ''}
        onChange={({ target }) => onChange({ deviceId: target.value || null })}
        className="min-h-10 w-full rounded-lg border border-line bg-surface px-3"
      >
        <option value="">{t('browserDefault')}</option>
        {named.map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
        {!isThere && choice.deviceId !== null && (
          <option value={choice.deviceId}>{t('deviceMissing')}</option>
        )}
      </select>
      {named.length === 0 && (
        <span className="mt-1.5 block text-muted">{t('namesAfterPermission')}</span>
      )}
    </label>
  );
}

const ENHANCEMENTS = ['echoCancellation', 'noiseSuppression'] as const;

/** What the browser does to the sound before it is recorded. */
export function Enhancements({ choice, onChange }: Props) {
  return (
    <div className="space-y-2.5 text-sm">
      {ENHANCEMENTS.map((key) => (
        <label key={key} className="flex gap-2.5">
          <input
            type="checkbox"
            checked={choice[key]}
            onChange={({ target }) => onChange({ [key]: target.checked })}
            className="mt-1 size-4 shrink-0 accent-(--accent)"
          />
          <span>
            <span className="font-medium">{t(key)}</span>{' '}
            <span className="text-muted">{t(`${key}.hint`)}</span>
          </span>
        </label>
      ))}
    </div>
  );
}
