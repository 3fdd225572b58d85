'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { queryKeys } from '@/app/_features/app';
import { attempt, focusMain, showToast } from '@/app/_features/ui';
import type { TranscriptLibraryId } from '@/lib/client/store';
import { answerOffer, findOffers, takeOffer } from './find-offers';
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
        const came = moved === 1 ? '1 transcript was moved.' : `${moved} transcripts were moved.`;
        const stay =
          left === 1
            ? ' 1 is still coming in, in another tab, and stays there.'
            : ` ${left} are still coming in, in other tabs, and stay there.`;
        showToast({ text: left === 0 ? came : came + stay });
      }),
    leave: (from: TranscriptLibraryId) => answer(() => answerOffer(from)),
  };
}
