'use client';

import { Play, Square } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import {
  attempt,
  Button,
  FormProblem,
  formatDuration,
  IconButton,
  showToast,
} from '@/app/_features/ui';
import { type DatasetLicence, giveClips, type PlannedClip } from '@/lib/client/dataset';
import { DATASET_LICENCES } from '@/lib/contracts';
import { formatClock } from '@/lib/core';
import { t } from './messages';
import { useClipPlayer } from './use-clip-player';

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
