'use client';

import { Play, Square } from 'lucide-react';
import { type FormEvent, useCallback, useEffect, useId, useRef, useState } from 'react';
import { getApp } from '@/app/_features/app';
import {
  attempt,
  Button,
  FormProblem,
  formatDuration,
  IconButton,
  showToast,
} from '@/app/_features/ui';
import {
  type ClipCutter,
  type DatasetLicence,
  giveClips,
  type OpenClipSource,
  type PlannedClip,
  readClipSource,
} from '@/lib/client/dataset';
import { DATASET_LICENCES } from '@/lib/contracts';
import { formatClock } from '@/lib/core';
import { t } from './messages';

const ASSURANCES = ['rights', 'speakers', 'sensitive'] as const;

/** Chooses clips, a licence and the assurances: nothing is chosen before the person does. */
export function GiveForm({ transcriptId, clips }: { transcriptId: string; clips: PlannedClip[] }) {
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [problem, setProblem] = useState<string | null>(null);
  const player = useClipPlayer(transcriptId);
  const chosenClips = clips.filter(({ startMs }) => chosen.has(startMs));
  const durationMs = chosenClips.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const licence = DATASET_LICENCES.find((one) => one === form.get('licence'));
    const isAssured = ASSURANCES.every((name) => form.has(name));
    if (chosenClips.length === 0) return setProblem(t('selectSomething'));
    if (!licence) return setProblem(t('chooseLicence'));
    if (!isAssured) return setProblem(t('confirmAll'));
    setProblem(null);
    player.stop();
    if (!(await attempt(() => giveClips(transcriptId, chosenClips, licence)))) return;
    setChosen(new Set());
    showToast({ text: t('agreed', { count: chosenClips.length }) });
  };

  return (
    <form noValidate aria-label={t('giveTitle')} onSubmit={submit} className="space-y-6">
      <div>
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => setChosen(new Set(clips.map(({ startMs }) => startMs)))}>
            {t('selectAll')}
          </Button>
          <Button tone="quiet" disabled={chosen.size === 0} onClick={() => setChosen(new Set())}>
            {t('selectNone')}
          </Button>
        </div>
        <ul aria-label={t('clips')} className="mt-3 divide-y divide-line">
          {clips.map((clip) => (
            <ClipRow
              key={clip.startMs}
              clip={clip}
              isChosen={chosen.has(clip.startMs)}
              isPlaying={player.playing === clip.startMs}
              onChoose={(isChosen) => setChosen(withOne(chosen, clip.startMs, isChosen))}
              onPlay={() => (player.playing === clip.startMs ? player.stop() : player.play(clip))}
            />
          ))}
        </ul>
        <p role="status" className="mt-3 text-muted tabular-nums">
          {t('selected', { count: chosenClips.length, duration: formatDuration(durationMs) })}
        </p>
      </div>
      <LicenceChoice />
      <fieldset className="space-y-1">
        <legend className="font-medium">{t('assurances')}</legend>
        {ASSURANCES.map((name) => (
          <Choice key={name} type="checkbox" name={name} label={t(`assurance.${name}`)} />
        ))}
      </fieldset>
      <p className="max-w-prose text-muted">{t('consent')}</p>
      <FormProblem>{problem}</FormProblem>
      <Button type="submit" tone="primary">
        {t('give')}
      </Button>
    </form>
  );
}

function withOne(all: ReadonlySet<number>, one: number, isIn: boolean): Set<number> {
  const next = new Set(all);
  if (isIn) next.add(one);
  else next.delete(one);
  return next;
}

function ClipRow({
  clip: { startMs, endMs, text, level },
  isChosen,
  isPlaying,
  onChoose,
  onPlay,
}: {
  clip: PlannedClip;
  isChosen: boolean;
  isPlaying: boolean;
  onChoose: (isChosen: boolean) => void;
  onPlay: () => void;
}) {
  const id = useId();
  return (
    <li className="flex items-start gap-2 py-1.5">
      <IconButton
        label={isPlaying ? t('stopPlaying') : t('play', { time: formatClock(startMs) })}
        onClick={onPlay}
      >
        {isPlaying ? <Square aria-hidden size={16} /> : <Play aria-hidden size={16} />}
      </IconButton>
      <label className="flex min-h-10 min-w-0 flex-1 cursor-pointer items-start gap-3 py-2">
        <input
          type="checkbox"
          checked={isChosen}
          aria-describedby={id}
          onChange={(event) => onChoose(event.target.checked)}
          className="mt-0.5 size-4 shrink-0 accent-(--accent)"
        />
        <span dir="auto" className="min-w-0 flex-1 [overflow-wrap:anywhere]">
          {text}
        </span>
      </label>
      <span id={id} className="py-2 text-end text-muted tabular-nums">
        {formatDuration(endMs - startMs)}
        <span className="block">{t(`level.${level}`)}</span>
      </span>
    </li>
  );
}

function LicenceChoice() {
  const id = useId();
  return (
    <fieldset aria-describedby={id} className="space-y-1">
      <legend className="font-medium">{t('licence')}</legend>
      <p id={id} className="text-muted">
        {t('licenceHint')}
      </p>
      {DATASET_LICENCES.map((licence: DatasetLicence) => (
        <Choice
          key={licence}
          type="radio"
          name="licence"
          value={licence}
          label={t(`licence.${licence}`)}
        />
      ))}
    </fieldset>
  );
}

/** A box or a button that nobody has ticked yet. */
function Choice({
  label,
  ...input
}: {
  label: string;
  type: 'checkbox' | 'radio';
  name: string;
  value?: string;
}) {
  return (
    <label className="flex min-h-10 cursor-pointer items-start gap-3 py-2">
      <input {...input} className="mt-0.5 size-4 shrink-0 accent-(--accent)" />
      <span>{label}</span>
    </label>
  );
}

/** Plays clips as they would be given: each is cut when it is first played. */
function useClipPlayer(transcriptId: string): {
  /** Start of the clip that is played, in ms; `null`: none. */
  playing: number | null;
  play(span: { startMs: number; endMs: number }): void;
  stop(): void;
} {
  const [playing, setPlaying] = useState<number | null>(null);
  const opened = useRef<{ cutter: ClipCutter; source: Promise<OpenClipSource> } | null>(null);
  const audio = useRef<HTMLAudioElement | null>(null);
  /** Presses so far: a clip that is cut when another was pressed is not played. */
  const presses = useRef(0);

  const stop = useCallback(() => {
    presses.current++;
    const element = audio.current;
    audio.current = null;
    element?.pause();
    if (element) URL.revokeObjectURL(element.src);
    setPlaying(null);
  }, []);

  const open = useCallback(() => {
    if (!opened.current) {
      const cutter = getApp().cutClips();
      const source = readClipSource(transcriptId).then((found) => cutter.open(found));
      opened.current = { cutter, source };
      // the next press tries again
      source.catch(() => {
        opened.current = null;
        cutter.dispose();
      });
    }
    return opened.current.source;
  }, [transcriptId]);

  const play = useCallback(
    (span: { startMs: number; endMs: number }) => {
      stop();
      const press = presses.current;
      setPlaying(span.startMs);
      void attempt(async () => {
        const { bytes } = await (await open()).cut(span);
        if (presses.current !== press) return;
        for (const other of document.querySelectorAll<HTMLMediaElement>('audio, video'))
          other.pause();
        const element = new Audio(URL.createObjectURL(new Blob([bytes], { type: 'audio/flac' })));
        audio.current = element;
        element.addEventListener('ended', stop);
        await element.play();
      }).then((isDone) => {
        if (!isDone && presses.current === press) stop();
      });
    },
    [open, stop],
  );

  useEffect(
    () => () => {
      stop();
      opened.current?.cutter.dispose();
      opened.current = null;
    },
    [stop],
  );
  return { playing, play, stop };
}
