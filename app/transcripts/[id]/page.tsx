import type { Metadata } from 'next';
import { TranscriptPage } from '@/app/_features/reader';

export const metadata: Metadata = { title: 'Transcript' };

/** The same for every transcript: which one it is, the page reads from the address by itself. */
export default function Page() {
  return <TranscriptPage />;
}
