'use client';

import { type ReactNode, useId, useState } from 'react';
import { Button, CopyButton, FormProblem, QueryProblem, useKeptFocus } from '@/app/_features/ui';
import { t } from './messages';
import { type OwnShare, revokeShare, useRefreshShares, useShares } from './own-shares';
import { shareProblem, shareTexts } from './share-facts';

/**
 * One link, and what can be done with it.
 * @param title what it shows, where that is not plain
 */
export function ShareRow({ share, title }: { share: OwnShare; title: ReactNode }) {
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
        <ul aria-labelledby={id} className="mt-2 divide-y divide-line border-line border-y">
          {shares.map((share) => (
            <ShareRow key={share.idHash} share={share} title={null} />
          ))}
        </ul>
      )}
    </section>
  );
}
