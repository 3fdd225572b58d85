'use client';

import { RotateCcw } from 'lucide-react';
import { Button } from '@/app/_features/ui';
import type { ModelTransfer, TransferProgress } from '@/lib/client/model-library';
import type { Backend } from '@/lib/engine';
import { headingId } from './item-parts';
import { t } from './messages';
import { downloadModel } from './model-commands';
import { transferPercent, transferText } from './model-facts';
import { downloadProblemText, type ModelProblem } from './model-problems';

/** A running download; the bar moves without an animation, as those of jobs do. */
export function DownloadProgress({
  name,
  transfer,
}: {
  name: string;
  transfer: Extract<ModelTransfer, { state: 'downloading' }>;
}) {
  const percent = transferPercent(transfer);
  const text = transferText(transfer, transfer.secondsLeft);
  return (
    <div className="mt-3">
      <p className="text-muted text-sm tabular-nums">{text}</p>
      <div
        role="progressbar"
        aria-label={name}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={text}
        className="mt-2 h-1.5 overflow-hidden rounded-full bg-sunken"
      >
        <div
          className="h-full origin-left rtl:origin-right rounded-full bg-accent"
          style={{ transform: `scaleX(${percent / 100})` }}
        />
      </div>
    </div>
  );
}

/** Why a download is not going on, what to do, and `Retry`. */
export function DownloadFailure({
  id,
  name,
  backend,
  problem,
  progress,
}: {
  id: string;
  name: string;
  backend: Backend;
  problem: ModelProblem;
  progress: TransferProgress | null;
}) {
  const { happened, next } = downloadProblemText(problem);
  return (
    <div
      role="alert"
      className="mt-3 flex flex-wrap items-center justify-between gap-2 rounded-lg bg-danger-soft px-4 py-3 text-sm"
    >
      <p className="min-w-0 flex-1 basis-56">
        <span className="font-medium">{name}:</span> <span className="text-danger">{happened}</span>{' '}
        {next}
        {progress &&
          progress.doneBytes > 0 &&
          ` ${t('soFar', { transfer: transferText(progress) })}`}
      </p>
      <Button
        icon={<RotateCcw aria-hidden size={16} />}
        aria-describedby={headingId(id)}
        onClick={() => void downloadModel(id, backend)}
      >
        {t('retry')}
      </Button>
    </div>
  );
}
