'use client';

import { Check, ExternalLink, RotateCcw } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '@/app/_features/ui';
import type { ModelTransfer, TransferProgress } from '@/lib/client/model-library';
import type { Backend } from '@/lib/engine';
import { t } from './messages';
import { downloadModel } from './model-commands';
import {
  downloadProblemText,
  languagesText,
  type ModelProblem,
  namedLanguages,
  transferPercent,
  transferText,
} from './model-facts';

/** The id of a model's heading: its buttons are described by it. */
export const headingId = (modelId: string): string => `model-${modelId}`;

/** The frame of one model: its name, whether it is in use, its facts in short, and its buttons. */
export function ItemFrame({
  id,
  name,
  isInUse,
  facts,
  buttons,
  children,
}: {
  id: string;
  name: string;
  isInUse: boolean;
  facts: ReactNode;
  buttons: ReactNode;
  children: ReactNode;
}) {
  return (
    <li
      aria-labelledby={headingId(id)}
      className={`rounded-xl border bg-surface px-4 py-4 sm:px-5 ${isInUse ? 'border-accent' : 'border-line'}`}
    >
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <h2
              id={headingId(id)}
              tabIndex={-1}
              className="min-w-0 text-lg outline-offset-4 [overflow-wrap:anywhere]"
            >
              {/* signs at the end of a name, as of CAM++, stay there where the page runs from right to left */}
              <bdi>{name}</bdi>
            </h2>
            {isInUse && (
              <span className="inline-flex items-center gap-1 rounded-full bg-accent-soft px-2.5 py-0.5 font-medium text-accent text-xs">
                <Check aria-hidden size={14} />
                {t('inUse')}
              </span>
            )}
          </div>
          {facts}
        </div>
        <div className="flex flex-wrap items-center gap-1.5">{buttons}</div>
      </div>
      {children}
    </li>
  );
}

/** Facts in a line, with dots between them. */
export function FactLine({ facts }: { facts: (string | null)[] }) {
  return (
    <p className="text-muted text-sm tabular-nums">
      {facts.filter((fact) => fact !== null && fact !== '').join(' · ')}
    </p>
  );
}

/** Where a published model comes from. */
export function SourceLink({
  repository,
  isOnServer,
}: {
  repository: string;
  isOnServer: boolean;
}) {
  if (repository === '')
    return (
      <p className="text-muted text-sm">{isOnServer ? t('fromOperator') : t('fromOwnFiles')}</p>
    );
  return (
    <p className="text-muted text-sm">
      {isOnServer ? t('onServerPublishedAt') : t('from')}{' '}
      <a
        href={`https://huggingface.co/${repository}`}
        target="_blank"
        rel="noopener noreferrer"
        className="text-accent underline underline-offset-4 [overflow-wrap:anywhere]"
      >
        {repository}
        <ExternalLink aria-hidden size={13} className="ms-1 inline-block align-baseline" />
        <span className="sr-only"> {t('opensInNewTab')}</span>
      </a>
    </p>
  );
}

/** What not everyone needs to know. */
export function MoreAbout({
  languages,
  credits,
  facts = [],
}: {
  languages: readonly string[];
  credits: readonly string[];
  facts?: readonly string[];
}) {
  return (
    <details className="mt-1 text-sm">
      <summary className="min-h-10 cursor-pointer content-center text-muted">
        {t('moreAbout')}
      </summary>
      <dl className="grid gap-x-6 gap-y-2 pb-1 sm:grid-cols-[8rem_minmax(0,1fr)]">
        {languages.length > 0 && (
          <>
            <dt className="text-muted">{languagesText(languages)}</dt>
            <dd>
              {namedLanguages(languages)
                .map(({ name }) => name)
                .join(', ')}
            </dd>
          </>
        )}
        {facts.length > 0 && (
          <>
            <dt className="text-muted">{t('weights')}</dt>
            <dd>
              {facts.map((fact) => (
                <p key={fact}>{fact}</p>
              ))}
            </dd>
          </>
        )}
        {credits.length > 0 && (
          <>
            <dt className="text-muted">{t('madeFrom')}</dt>
            <dd>{credits.join('; ')}</dd>
          </>
        )}
      </dl>
    </details>
  );
}

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
