import type { Metadata } from 'next';
import { SharedPage } from '../../_components/share/shared-page';

export const metadata: Metadata = {
  title: 'Shared transcript',
  robots: { index: false, follow: false },
  referrer: 'no-referrer',
};

/** The same for every share: the key is in a part of the address that only the browser sees. */
export default function Page() {
  return <SharedPage />;
}
