'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { type ReactNode, useId, useState } from 'react';
import { useSession } from '@/app/_features/account';
import { transcriptsQuery } from '@/app/_features/library';
import {
  Button,
  CopyButton,
  FormProblem,
  Panel,
  QueryProblem,
  useKeptFocus,
} from '@/app/_features/ui';
import { t } from './messages';
import {
  type OwnShare,
  revokeShare,
  shareProblem,
  shareTexts,
  useRefreshShares,
  useShares,
} from './own-shares';

/**
 * One link, and what can be done with it.
 * @param title what it shows, where that is not plain
 */
function ShareRow({ share, title }: { share: OwnShare; title: ReactNode }) {
  const id = useId();
  const refresh = useRefreshShares();
  const [step, setStep] = useState<'shown' | 'asking' | 'revoking'>('shown');
  const [problem, setProblem] = useState<string | null>(null);
  const { link } = share;

  const revoke = async () => {
    setStep('revoking');
    setProblem(null);
    try {
      await revokeShare(share);
      await refresh();
    } catch (error) {
      setProblem(shareProblem(error));
      setStep('shown');
    }
  };

  return (
    <li className="py-3">
      <div id={id} className="text-sm tabular-nums">
        {title}
        <p>{shareTexts(share).join(' · ')}</p>
      </div>
      <div className="mt-2 flex flex-wrap items-center gap-2">
        {step === 'shown' ? (
          <>
            {link === null ? (
              <p className="text-muted text-sm">{t('madeElsewhere')}</p>
            ) : (
              !share.isExpired && (
                <CopyButton text={link} aria-describedby={id}>
                  {t('copyLink')}
                </CopyButton>
              )
            )}
            <Button tone="danger" aria-describedby={id} onClick={() => setStep('asking')}>
              {t('revoke')}
            </Button>
          </>
        ) : (
          <>
            <p className="text-sm">{t('revokeHint')}</p>
            <Button
              tone="danger"
              aria-describedby={id}
              aria-disabled={step === 'revoking'}
              onClick={() => step === 'asking' && void revoke()}
            >
              {t('revokeLink')}
            </Button>
            <Button onClick={() => setStep('shown')}>{t('keep')}</Button>
          </>
        )}
      </div>
      <FormProblem>{problem}</FormProblem>
    </li>
  );
}

/** The links to a transcript that there are. */
export function ShareList({ transcriptId }: { transcriptId: string }) {
  const { data: shares, error, refetch } = useShares(transcriptId);
  const region = useKeptFocus();
  const id = useId();
  return (
    <section ref={region} aria-labelledby={id}>
      <h3 id={id} className={shares?.length ? 'font-medium text-sm' : 'sr-only'}>
        {t('linksToTranscript')}
      </h3>
      {error && (
        <div className="mt-2">
          <QueryProblem error={error} onRetry={() => void refetch()} />
        </div>
      )}
      {shares && shares.length > 0 && (
        <ul aria-labelledby={id} className="divide-y divide-line">
          {shares.map((share) => (
            <ShareRow key={share.idHash} share={share} title={null} />
          ))}
        </ul>
      )}
    </section>
  );
}

/** All links of the signed-in user: also those to transcripts that are not on this device. */
export function SharesPanel() {
  const session = useSession();
  return session ? <Shares /> : null;
}

function Shares() {
  const { data: shares, error, refetch } = useShares(null);
  const { data: transcripts = [] } = useQuery(transcriptsQuery);
  const region = useKeptFocus();
  const titleOf = (id: string) => transcripts.find((transcript) => transcript.id === id)?.title;
  return (
    <Panel split title={t('sharedLinks')}>
      <section ref={region} aria-label={t('allLinks')}>
        {error && <QueryProblem error={error} onRetry={() => void refetch()} />}
        {shares?.length === 0 && <p className="text-muted text-sm">{t('nothingShared')}</p>}
        {shares && shares.length > 0 && (
          <ul aria-label={t('sharedLinks')} className="-my-3 divide-y divide-line">
            {shares.map((share) => (
              <ShareRow
                key={share.idHash}
                share={share}
                title={<SharedTitle id={share.transcriptId} title={titleOf(share.transcriptId)} />}
              />
            ))}
          </ul>
        )}
      </section>
    </Panel>
  );
}

function SharedTitle({ id, title }: { id: string; title: string | undefined }) {
  return title === undefined ? (
    <p className="text-muted">{t('notOnDevice')}</p>
  ) : (
    <Link
      href={`/transcripts/${id}`}
      dir="auto"
      className="inline-block py-1 font-medium underline decoration-transparent underline-offset-4 hover:decoration-accent"
    >
      {title}
    </Link>
  );
}
