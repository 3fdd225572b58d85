'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { queryKeys } from '@/app/_features/app';
import { attempt, focusMain, showToast } from '@/app/_features/ui';
import type { TranscriptLibraryId } from '@/lib/client/store';
import { answerOffer, findOffers, takeOffer } from './find-offers';
import { t } from './messages';
import { useSession } from './use-session';

/** What may be taken into this library, with the two answers. */
export function useOffers() {
  const client = useQueryClient();
  const session = useSession();
  const { data = [] } = useQuery({
    queryKey: queryKeys.offers,
    queryFn: ({ signal }) => findOffers(signal),
    // until it is known whose page this is
    enabled: session !== undefined,
  });
  const [busy, setBusy] = useState(false);

  const answer = async (step: () => Promise<void>) => {
    if (busy) return;
    setBusy(true);
    await attempt(step);
    await client.invalidateQueries({ queryKey: queryKeys.offers });
    setBusy(false);
    focusMain();
  };
  return {
    offers: data,
    busy,
    take: (from: TranscriptLibraryId) =>
      answer(async () => {
        const { moved, left } = await takeOffer(from);
        const came = t('moved', { count: moved });
        showToast({ text: left === 0 ? came : `${came} ${t('stillComing', { count: left })}` });
      }),
    leave: (from: TranscriptLibraryId) => answer(() => answerOffer(from)),
  };
}
