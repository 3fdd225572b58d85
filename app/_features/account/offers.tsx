'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { queryKeys } from '@/app/_features/app';
import { attempt, Button, focusMain, Notice, showToast } from '@/app/_features/ui';
import type { TranscriptLibraryId } from '@/lib/client/store';
import { answerOffer, contentsText, findOffers, type Offer, takeOffer } from './find-offers';
import { t } from './messages';
import { useSession } from './session';

/** Named in full; of more there is only the count. */
const TITLES_SHOWN = 3;

/** Asks once whether what lies in this browser is taken into this library. */
export function OfferNotice() {
  const { offers, busy, take, leave } = useOffers();
  const [offer] = offers.filter(({ isAnswered }) => !isAnswered);
  if (!offer) return null;
  return (
    <section aria-label={t('foundInBrowser')} className="mb-5">
      <Notice tone="info">
        <p className="font-medium">{headline(offer)}</p>
        <Titles offer={offer} />
        <p className="mt-1 text-muted">{offer.from === null ? t('moveHint') : t('keepHint')}</p>
        <div className="mt-3 flex flex-wrap gap-2">
          <Button tone="primary" aria-disabled={busy} onClick={() => void take(offer.from)}>
            {busy ? t('moving') : takeLabel(offer)}
          </Button>
          {!busy && <Button onClick={() => void leave(offer.from)}>{t('leave')}</Button>}
        </div>
      </Notice>
    </section>
  );
}

/** In the settings: what can still be taken, whatever was answered. */
export function OfferList() {
  const { offers, busy, take } = useOffers();
  return offers.map((offer) => (
    <div key={offer.from} className="mt-4 flex flex-wrap items-center gap-3 text-sm">
      <p className="min-w-0 flex-1 basis-64">{headline(offer)}.</p>
      <Button aria-disabled={busy} onClick={() => void take(offer.from)}>
        {busy ? t('moving') : takeLabel(offer)}
      </Button>
    </div>
  ));
}

const takeLabel = ({ from }: Offer) =>
  from === null ? t('moveToAccount') : t('keepWithoutAccount');

function headline({ from, contents }: Offer): string {
  const what = contentsText(contents);
  return from === null ? t('madeWithoutAccount', { what }) : t('ofGoneAccount', { what });
}

/** Names what was made without an account: anyone who uses this browser signed out sees them, too. */
function Titles({ offer: { from, contents } }: { offer: Offer }) {
  if (from !== null || contents.titles.length === 0) return null;
  const more = contents.titles.length - TITLES_SHOWN;
  return (
    <ul className="mt-1 list-disc ps-5 [overflow-wrap:anywhere]">
      {contents.titles.slice(0, TITLES_SHOWN).map((title, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two may have one title, and none moves
        <li key={at}>{title}</li>
      ))}
      {more > 0 && <li className="text-muted">{t('andMore', { more })}</li>}
    </ul>
  );
}

/** What may be taken into this library, with the two answers. */
function useOffers() {
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
