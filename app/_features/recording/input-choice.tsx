'use client';

import { Mic } from 'lucide-react';
import { useId } from 'react';
import { getApp, useChosenSetting } from '@/app/_features/app';
import { Button } from '@/app/_features/ui';
import type { CaptureChoice, CaptureSource } from '@/lib/client/store';
import { DeviceSelect, Enhancements } from './input-fields';
import { t } from './messages';
import { useMicrophones } from './use-recording';

const SOURCES = ['microphone', 'display', 'both'] as const satisfies readonly CaptureSource[];

/** What is recorded from, as chosen the last time, and the start. */
export function InputChoice({ disabled, again }: { disabled: boolean; again: boolean }) {
  const [choice, choose] = useChosenSetting('capture');
  const microphones = useMicrophones();
  const name = useId();
  const change = (part: Partial<CaptureChoice>) => void choose({ ...choice, ...part });
  return (
    <div className="space-y-6 rounded-2xl border border-line bg-surface px-5 py-6 sm:px-8">
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
                checked={choice.source === value}
                aria-describedby={`${name}-${value}-hint`}
                onChange={() => change({ source: value })}
                className="mt-1 size-4 shrink-0 accent-(--accent)"
              />
              <div className="min-w-0 text-sm">
                <label htmlFor={`${name}-${value}`} className="font-medium">
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
      {choice.source !== 'display' && (
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
          onClick={() => void getApp().recording().start(choice)}
        >
          {/* its name stays: what is new is told beside it */}
          {t('startRecording')}
        </Button>
        <p className="max-w-prose text-muted text-sm">
          {again ? t('newRecording') : t('savedEverySecond')}
        </p>
      </div>
    </div>
  );
}
