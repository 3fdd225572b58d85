'use client';

import { type ReactNode, useId, useState } from 'react';
import { Button, CopyButton, FormProblem } from '@/app/_features/ui';
import { t } from './messages';
import { type OwnShare, revokeShare } from './own-shares';
import { shareProblem, shareTexts } from './share-facts';
import { useRefreshShares } from './use-shares';

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
