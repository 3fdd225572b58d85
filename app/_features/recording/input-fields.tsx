'use client';

import { Mic } from 'lucide-react';
import { useId, useSyncExternalStore } from 'react';
import { getApp, useChosenSetting, usePrivateSession } from '@/app/_features/app';
import { Button, SelectField } from '@/app/_features/ui';
import { canShareAudio, type Microphone } from '@/lib/client/recording';
import type { CaptureChoice, CaptureSource } from '@/lib/client/store';
import { t } from './messages';
import { useMicrophones } from './use-recording';

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
    <SelectField
      label={t('inputDevice')}
      {...(named.length === 0 && { hint: t('namesAfterPermission') })}
      value={choice.deviceId ?? ''}
      onChange={({ target }) => onChange({ deviceId: target.value || null })}
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
    </SelectField>
  );
}

const ENHANCEMENTS = ['echoCancellation', 'noiseSuppression'] as const;

/** What the browser does to the sound before it is recorded. */
export function Enhancements({ choice, onChange }: Props) {
  return (
    <div className="space-y-2.5 text-sm">
      {ENHANCEMENTS.map((key) => (
        <label key={key} className="flex min-h-6 gap-2.5">
          <input
            type="checkbox"
            checked={choice[key]}
            onChange={({ target }) => onChange({ [key]: target.checked })}
            className="mt-1 size-4 shrink-0 accent-(--accent)"
          />
          <span>
            <span className="block font-medium">{t(key)}</span>{' '}
            <span className="text-muted">{t(`${key}.hint`)}</span>
          </span>
        </label>
      ))}
    </div>
  );
}

const SOURCES = ['microphone', 'display', 'both'] as const satisfies readonly CaptureSource[];

/** What is recorded from, as chosen the last time, and the start. */
export function InputChoice({ disabled, again }: { disabled: boolean; again: boolean }) {
  const [choice, choose] = useChosenSetting('capture');
  const isPrivate = usePrivateSession();
  const microphones = useMicrophones();
  const canShare = useSyncExternalStore(never, canShareAudio, onServer);
  const source = canShare ? choice.source : 'microphone';
  const change = (part: Partial<CaptureChoice>) => void choose({ ...choice, ...part });
  return (
    <div className="space-y-6 rounded-2xl border border-line bg-surface px-5 py-6 sm:px-8">
      {canShare ? (
        <Sources source={source} onChange={change} />
      ) : (
        <p className="max-w-prose text-muted text-sm">{t('onlyMicrophone')}</p>
      )}
      {source !== 'display' && (
        <div className="grid gap-5 sm:grid-cols-2">
          <DeviceSelect choice={choice} microphones={microphones} onChange={change} />
          <Enhancements choice={choice} onChange={change} />
        </div>
      )}
      <div className="flex flex-wrap items-center gap-x-5 gap-y-3">
        <Button
          tone="primary"
          disabled={disabled}
          icon={<Mic aria-hidden size={18} />}
          className="min-h-12 px-5 text-base"
          onClick={() =>
            void getApp()
              .recording()
              .start({ ...choice, source })
          }
        >
          {/* its name stays: what is new is shown beside it */}
          {t('startRecording')}
        </Button>
        <p className="max-w-prose text-muted text-sm">
          {again ? t('newRecording') : t(isPrivate ? 'keptInMemory' : 'savedEverySecond')}
        </p>
      </div>
    </div>
  );
}

function Sources({ source, onChange }: { source: CaptureSource; onChange: Props['onChange'] }) {
  const name = useId();
  return (
    <fieldset>
      <legend className="mb-3 font-medium">{t('whatToRecord')}</legend>
      <div className="grid gap-3 sm:grid-cols-3">
        {SOURCES.map((value) => (
          <div key={value} className="flex gap-2.5">
            <input
              type="radio"
              id={`${name}-${value}`}
              name={name}
              value={value}
              checked={source === value}
              aria-describedby={`${name}-${value}-hint`}
              onChange={() => onChange({ source: value })}
              className="mt-1 size-4 shrink-0 accent-(--accent)"
            />
            <div className="min-w-0 text-sm">
              <label htmlFor={`${name}-${value}`} className="block min-h-6 font-medium">
                {t(value)}
              </label>
              <p id={`${name}-${value}-hint`} className="text-muted">
                {t(`${value}.hint`)}
              </p>
            </div>
          </div>
        ))}
      </div>
    </fieldset>
  );
}

/** It stays as it is while the page is open; what the server sends is for browsers that can. */
const never = () => () => undefined;
const onServer = () => true;
