'use client';

import Link from 'next/link';
import { useEffect, useRef, useState } from 'react';
import { getApp } from '@/app/_features/app';
import {
  Button,
  Dialog,
  errorSentence,
  formatDuration,
  ProgressLine,
  Select,
} from '@/app/_features/ui';
import type { Editor } from '@/lib/client/editing';
import type { SpeakerLabelling, SpeakerLabels } from '@/lib/client/speakers';
import { type ErrorCode, isAbort, newId, toAppError } from '@/lib/core';
import { useTools } from '../context';
import { t } from '../messages';
import { makeEdit, rowRef } from './commands';

const MAX_SPEAKERS = 12;

/** `null`: as many as the recording itself suggests. */
type Count = number | null;

type Step =
  | { kind: 'asking' }
  | { kind: 'hearing'; share: number }
  | { kind: 'found'; labels: SpeakerLabels }
  | { kind: 'failed'; code: ErrorCode };

/** Tells the speakers of a recording apart, and asks whether the result is right before it is used. */
export function LabelDialog({ editor, onClose }: { editor: Editor; onClose: () => void }) {
  const { source } = useTools();
  const [count, setCount] = useState<Count>(null);
  const [step, setStep] = useState<Step>({ kind: 'asking' });
  const scope = useRef<AbortController | null>(null);
  const labelling = useRef<SpeakerLabelling | null>(null);
  // voices are compared in memory alone, and forgotten with the dialog
  useEffect(
    () => () => {
      scope.current?.abort();
      labelling.current?.release();
    },
    [],
  );

  const fail = (error: unknown) => {
    if (!isAbort(error)) setStep({ kind: 'failed', code: toAppError(error).code });
  };
  const label = async () => {
    const running = new AbortController();
    scope.current = running;
    const { signal } = running;
    setStep({ kind: 'hearing', share: 0 });
    try {
      const found = await getApp().labelSpeakers(
        source.id,
        { speakers: asked(count) },
        { signal, onProgress: (share) => setStep({ kind: 'hearing', share }) },
      );
      if (signal.aborted) return found.release();
      labelling.current = found;
      setStep({ kind: 'found', labels: found });
    } catch (error) {
      fail(error);
    }
  };
  const recount = async (wanted: Count) => {
    setCount(wanted);
    try {
      const labels = await labelling.current?.recluster(asked(wanted));
      if (labels) setStep({ kind: 'found', labels });
    } catch (error) {
      fail(error);
    }
  };

  return (
    <Dialog title={t('labelSpeakers')} onClose={onClose}>
      <div className="space-y-4 text-sm">
        {step.kind === 'asking' && (
          <>
            <p className="text-muted">{t('labelHint')}</p>
            <CountChoice count={count} onChange={setCount} />
            <Button tone="primary" onClick={() => void label()}>
              {t('labelStart')}
            </Button>
          </>
        )}
        {step.kind === 'hearing' && (
          <>
            <ProgressLine
              label={t('labelling')}
              percent={step.share * 100}
              hint={t('labellingHint')}
            />
            <Button onClick={onClose}>{t('cancel')}</Button>
          </>
        )}
        {step.kind === 'found' && (
          <>
            <p role="status">{t('speakersFound', { count: step.labels.speakers })}</p>
            <Shares labels={step.labels} />
            <CountChoice count={count} onChange={(wanted) => void recount(wanted)} />
            <Button
              tone="primary"
              onClick={() => {
                use(editor, step.labels);
                onClose();
              }}
            >
              {t('useLabels')}
            </Button>
          </>
        )}
        {step.kind === 'failed' && (
          <>
            <p role="alert">
              {step.code === 'MODEL_NOT_INSTALLED' ? t('noSpeakerModel') : errorSentence(step.code)}
            </p>
            {step.code === 'MODEL_NOT_INSTALLED' ? (
              <Link href="/models" className="text-accent underline">
                {t('toModels')}
              </Link>
            ) : (
              <Button onClick={() => void label()}>{t('tryAgain')}</Button>
            )}
          </>
        )}
      </div>
    </Dialog>
  );
}

const asked = (count: Count) => (count === null ? ('auto' as const) : { exact: count });

function CountChoice({ count, onChange }: { count: Count; onChange: (count: Count) => void }) {
  return (
    <label className="flex flex-wrap items-center gap-3">
      {t('howManySpeakers')}
      <Select
        value={count ?? ''}
        onChange={({ target }) => onChange(target.value === '' ? null : Number(target.value))}
        className="px-2 tabular-nums"
      >
        <option value="">{t('countAuto')}</option>
        {Array.from({ length: MAX_SPEAKERS }, (_, at) => at + 1).map((number) => (
          <option key={number} value={number}>
            {number}
          </option>
        ))}
      </Select>
    </label>
  );
}

/** How long each of them speaks. */
function Shares({ labels: { turns, speakers } }: { labels: SpeakerLabels }) {
  const spokenMs = Array.from({ length: speakers }, () => 0);
  for (const { speaker, startMs, endMs } of turns)
    spokenMs[speaker] = (spokenMs[speaker] ?? 0) + endMs - startMs;
  return (
    <ul className="space-y-1 text-muted tabular-nums">
      {spokenMs.map((ms, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: speakers have no name yet but their number
        <li key={at}>
          {t('speakerNumber', { number: at + 1 })}: {formatDuration(ms)}
        </li>
      ))}
    </ul>
  );
}

function use(editor: Editor, labels: SpeakerLabels): void {
  const rows = new Map(editor.rows().map((row) => [row.id, row]));
  const idOf = (speaker: number | null) => (speaker === null ? null : `s${speaker + 1}`);
  makeEdit(editor, {
    kind: 'label',
    speakers: Array.from({ length: labels.speakers }, (_, at) => ({
      id: `s${at + 1}`,
      name: t('speakerNumber', { number: at + 1 }),
    })),
    rows: labels.segments.flatMap(({ segmentId, runs }) => {
      const row = rows.get(segmentId);
      return row && runs.length > 0
        ? [
            {
              row: rowRef(row),
              runs: runs.map(({ speaker, from, to }) => ({
                words: to - from,
                speakerId: idOf(speaker),
                newId: newId(),
              })),
            },
          ]
        : [];
    }),
  });
}
