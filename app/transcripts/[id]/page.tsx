import type { Metadata } from 'next';
import { TranscriptPage, t } from '@/app/_features/reader';

export const metadata: Metadata = { title: t('transcript') };

/** The same for every transcript: which one it is, the page reads from the address by itself. */
export default function Page() {
  return <TranscriptPage />;
}
