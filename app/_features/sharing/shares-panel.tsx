'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useSession } from '@/app/_features/account';
import { transcriptsQuery } from '@/app/_features/library';
import { Panel, QueryProblem, useKeptFocus } from '@/app/_features/ui';
import { t } from './messages';
import { useShares } from './own-shares';
import { ShareRow } from './share-row';

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
          <ul aria-label={t('sharedLinks')} className="divide-y divide-line border-line border-y">
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
