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
 * The same page for every share: what opens one is in the fragment, which only the browser sees. `proxy.ts` serves
 * it for every path below `/s`, so that an address whose `#` was encoded on the way reaches no other route.
 */
export default function Page() {
  return <SharedPage />;
}
