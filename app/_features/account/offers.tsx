'use client';

import { Button, Notice } from '@/app/_features/ui';
import { contentsText, type Offer } from './find-offers';
import { t } from './messages';
import { useOffers } from './use-offers';

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

/** Names what was made without an account: whoever uses this browser signed out sees them, too. */
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
