'use client';

import { useId } from 'react';
import { QueryProblem, useKeptFocus } from '@/app/_features/ui';
import { t } from './messages';
import { ShareRow } from './share-row';
import { useShares } from './use-shares';

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
      {error && <QueryProblem error={error} onRetry={() => void refetch()} />}
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
