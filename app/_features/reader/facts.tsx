'use client';

import { useState } from 'react';
import {
  positionText,
  resumeSecondPass,
  stateText,
  transcribeTrack,
  transcribeTracks,
  useJobs,
} from '@/app/_features/library';
import {
  firstWordsText,
  secondPassText,
  tryAgain,
  useModelChoice,
  useModelName,
} from '@/app/_features/models';
import { captureFacts } from '@/app/_features/recording';
import {
  Button,
  Dialog,
  errorSentence,
  formatBytes,
  formatDate,
  formatDuration,
  languageName,
  Notice,
  remainingText,
  Select,
  trackLabel,
} from '@/app/_features/ui';
import type { CaptureReport, SecondPass, TranscriptRecord } from '@/lib/client/store';
import { formatClock, isolated } from '@/lib/core';
import type { DecodeNotice } from '@/lib/engine/audio';
import { t } from './messages';

/** One audio track, from 0, or each as a speaker. */
type Choice = number | 'each';

/** Which audio track the text is of, where the recording has several, and the choice of another, or of all. */
function TrackChoice({ record }: { record: TranscriptRecord }) {
  const { id, audioTrack, audioTracks = [], isTrackPerSpeaker, wordCount, media } = record;
  const job = useJobs().jobs.find((one) => one.id === id);
  const [asked, setAsked] = useState<Choice | null>(null);
  const chosen: Choice | undefined = isTrackPerSpeaker ? 'each' : audioTrack?.index;
  if (chosen === undefined || audioTracks.length < 2) return null;

  const isBusy = job !== undefined && job.status !== 'failed' && job.status !== 'paused';
  const isKept = media === 'kept';
  const begin = (choice: Choice) => {
    setAsked(null);
    if (choice === 'each') void transcribeTracks(id, audioTracks.map(speakerOf));
    else void transcribeTrack(id, choice);
  };
  return (
    <div className="text-sm">
      <label className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="text-muted">{t('audioTrack')}</span>
        <Select
          value={chosen}
          disabled={isBusy || !isKept}
          onChange={({ target }) => {
            const choice = target.value === 'each' ? 'each' : Number(target.value);
            if (wordCount === 0) begin(choice);
            else setAsked(choice);
          }}
          className="min-w-0 max-w-full px-3 disabled:opacity-60"
        >
          {audioTracks.map((track, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: its place is all that a track is known by
            <option key={index} value={index}>
              {trackLabel(track, index)}
            </option>
          ))}
          <option value="each">{t('eachTrack')}</option>
        </Select>
        {(isBusy || !isKept) && (
          <span className="text-muted">{isKept ? t('trackLater') : t('trackNotKept')}</span>
        )}
      </label>
      {asked !== null && (
        <Dialog title={titleOf(asked, chosen)} onClose={() => setAsked(null)}>
          <p className="text-sm">{warningOf(asked, chosen, audioTracks.length)}</p>
          <div className="mt-5 flex flex-wrap justify-end gap-2">
            <Button onClick={() => setAsked(null)}>{t('keepText')}</Button>
            <Button tone="primary" onClick={() => begin(asked)}>
              {asked === 'each'
                ? t('transcribeTracks')
                : t('transcribeTrack', { track: asked + 1 })}
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}

function titleOf(asked: Choice, chosen: Choice): string {
  if (asked === 'each') return t('askEachTrack');
  return chosen === 'each' ? t('askOneTrack') : t('askTrack');
}

function warningOf(asked: Choice, chosen: Choice, count: number): string {
  if (asked === 'each') return t('replaceByTracks', { count });
  if (chosen === 'each') return t('replaceTracks', { track: asked + 1 });
  return t('replaceText', { old: chosen + 1, track: asked + 1 });
}

/** What the speaker of a track is called until the user renames them. */
function speakerOf(
  { name, language }: NonNullable<TranscriptRecord['audioTracks']>[number],
  index: number,
): string {
  return name || (language && languageName(language)) || t('speakerNumber', { number: index + 1 });
}

/** More of one kind than this are summed up in one sentence. */
const MAX_SINGLE = 3;
/** A gap from here on is rather a jump of the file's clock. */
const JUMP_MS = 60_000;
/** Gaps below this are called short. */
const SHORT_MS = 10_000;

/** What the reader should know of how the source could be read: a sentence each, few in all. */
export function noticeTexts(notices: readonly DecodeNotice[]): string[] {
  const texts: string[] = [];
  for (const kind of ['gap', 'missing'] as const) {
    const gaps = notices.filter((notice) => notice.kind === kind);
    const count = gaps.reduce((sum, gap) => sum + (gap.count ?? 1), 0);
    if (count > MAX_SINGLE) texts.push(kind === 'gap' ? sumDamage(gaps) : sumMissing(gaps, count));
    else texts.push(...gaps.map(kind === 'gap' ? damageText : missingText));
  }
  for (const { kind, atMs, lengthMs, track } of notices) {
    if (kind === 'track' && track) texts.push(trackText(track, atMs));
    if (kind === 'cut-off')
      texts.push(
        lengthMs === null
          ? t('cutOff', { at: formatClock(atMs) })
          : t('cutOffBy', { at: formatClock(atMs), length: lengthText(lengthMs) }),
      );
    if (kind === 'clock') texts.push(t('clockJumps', { length: lengthText(lengthMs ?? 0) }));
  }
  return [...new Set(texts)];
}

function trackText({ index, name }: NonNullable<DecodeNotice['track']>, atMs: number): string {
  const track = isolated(trackLabel({ name, language: null }, index));
  return atMs === 0
    ? t('trackUnreadable', { track })
    : t('trackBreaksOff', { track, at: formatClock(atMs) });
}

function damageText({ atMs, lengthMs }: DecodeNotice): string {
  const at = formatClock(atMs);
  return lengthMs === null
    ? t('damaged', { at })
    : t('damagedFor', { at, length: lengthText(lengthMs) });
}

function sumDamage(gaps: readonly DecodeNotice[]): string {
  return t('damagedParts', { count: gaps.length, ...between(gaps) });
}

function missingText({ atMs, lengthMs }: DecodeNotice): string {
  const at = formatClock(atMs);
  const length = lengthMs ?? 0;
  if (length >= JUMP_MS) return t('clockJumpsAt', { length: formatDuration(length), at });
  return t('noSound', { length: lengthText(length), at });
}

function sumMissing(gaps: readonly DecodeNotice[], count: number): string {
  const lengthMs = gaps.reduce((sum, gap) => sum + (gap.lengthMs ?? 0), 0);
  const isShort = gaps.every((gap) => (gap.lengthMs ?? 0) / (gap.count ?? 1) < SHORT_MS);
  const key = isShort ? 'shortGaps' : 'gaps';
  return t(key, { count, ...between(gaps), length: lengthText(lengthMs) });
}

function between(gaps: readonly DecodeNotice[]): { from: string; to: string } {
  return { from: formatClock(gaps[0]?.atMs ?? 0), to: formatClock(gaps.at(-1)?.atMs ?? 0) };
}

function lengthText(ms: number): string {
  return ms < 1000 ? t('underOneSecond') : formatDuration(ms);
}

/** Where the text comes from, and what the reader should know of it. */
export function Facts({ record }: { record: TranscriptRecord }) {
  const { createdAt, durationMs, wordCount, source, model, notices, state, capture } = record;
  const nameOf = useModelName();
  const facts = [
    formatDate(createdAt),
    formatDuration(durationMs),
    t('words', { count: wordCount }),
    `${isolated(source.name)} (${formatBytes(source.sizeBytes)})`,
    model
      ? t('modelOnBackend', {
          model: nameOf(model.id),
          backend: model.backend === 'webgpu' ? 'WebGPU' : 'WASM',
        })
      : '',
  ];
  return (
    <div className="mt-1 space-y-3">
      <p className="text-muted text-sm [overflow-wrap:anywhere]">
        {facts.filter((fact) => fact !== '').join(' · ')}
      </p>
      <TrackChoice record={record} />
      {state === 'partial' && <Unfinished record={record} />}
      {record.secondPass && <Second record={record} pass={record.secondPass} />}
      {capture && <Capture report={capture} />}
      {noticeTexts(notices).map((text) => (
        <Notice key={text} tone="warn">
          <p>{text}</p>
        </Notice>
      ))}
    </div>
  );
}

/** A better model's words: whether they come, and how far they are. */
function Second({ record, pass }: { record: TranscriptRecord; pass: SecondPass }) {
  const { id, model, media } = record;
  const job = useJobs().jobs.find((one) => one.id === id);
  const inUse = useModelChoice();
  const nameOf = useModelName();
  const waits = !job && pass.stopped === null;
  // it will not come: another model is chosen now, or there is no recording to read
  if (waits && (inUse?.chosen !== pass.modelId || media === 'none')) return null;
  const trouble = waits && inUse?.standIn?.kind === 'trouble' ? inUse.standIn.code : null;
  const stopped = trouble ? { problem: { code: trouble, message: '', details: {} } } : pass.stopped;
  const names = { first: model && nameOf(model.id), second: nameOf(pass.modelId) };
  const progress = job
    ? [
        stateText({ ...job, isSecondPass: false }),
        positionText(job),
        remainingText(job.remainingMs),
      ]
    : [];
  const text = secondPassText(
    { ...pass, stopped },
    names,
    progress.filter((fact) => fact !== '').join(' · '),
    formatClock,
  );
  return (
    <Notice tone={stopped?.problem ? 'warn' : 'info'} isRow>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="min-w-0 flex-1 basis-56 tabular-nums">{text}</p>
        {stopped && (
          <Button onClick={() => void (trouble ? tryAgain(pass.modelId) : resumeSecondPass(id))}>
            {stopped.problem ? t('tryAgain') : t('resumeWith', { model: names.second })}
          </Button>
        )}
      </div>
    </Notice>
  );
}

/** How the sound came in, when it was recorded here. */
function Capture({ report }: { report: CaptureReport }) {
  const facts = captureFacts(report);
  const warnings = facts.filter(({ isWarning }) => isWarning);
  return (
    <>
      {warnings.map(({ text }) => (
        <Notice key={text} tone="warn">
          <p>{text}</p>
        </Notice>
      ))}
      <p className="text-muted text-sm">
        {facts.filter(({ isWarning }) => !isWarning).map(({ text }) => text)}
      </p>
    </>
  );
}

/** The text so far, and what its job is doing. */
function Unfinished({ record: { id, wordCount, model } }: { record: TranscriptRecord }) {
  const job = useJobs().jobs.find((one) => one.id === id);
  const now = useModelChoice()?.now;
  const nameOf = useModelName();
  if (job?.status === 'failed')
    return (
      <Notice tone="danger">
        <p>
          {wordCount > 0 && `${t('textSoFar')} `}
          {errorSentence(job.error?.code ?? 'UNKNOWN', job.error?.details)}
        </p>
      </Notice>
    );
  if (job?.stage === 'loading-model' && model && now !== undefined && model.id !== now)
    return (
      <Notice tone="info">
        <p>{firstWordsText({ first: nameOf(model.id), second: nameOf(now) })}</p>
      </Notice>
    );
  const facts = job ? [stateText(job), positionText(job), remainingText(job.remainingMs)] : [];
  return (
    <Notice tone="info">
      <p className="tabular-nums">
        {job?.status === 'running' ? t('textGrows') : t('textSoFar')}
        <span className="text-muted"> {facts.filter((fact) => fact !== '').join(' · ')}</span>
      </p>
    </Notice>
  );
}
