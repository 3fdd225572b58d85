import type { Metadata } from 'next';
import { SharedPage, t } from '@/app/_features/reader';

export const metadata: Metadata = {
  title: t('sharedTranscript'),
  robots: { index: false, follow: false },
  referrer: 'no-referrer',
};

// rendered at the request, with a nonce: no file of the build lies at an address with a secret
export const dynamic = 'force-dynamic';

/**
 * The same for every share: what opens one is in a part of the address that only the browser sees.
 * `proxy.ts` answers with it whatever stands behind `/s`, so that an address whose `#` was encoded on
 * its way gets no further than there.
 */
export default function Page() {
  return <SharedPage />;
}
