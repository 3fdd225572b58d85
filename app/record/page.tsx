import type { Metadata } from 'next';
import { RecordPage } from '@/app/_features/recording/record-page';

export const metadata: Metadata = { title: 'Record' };

export default function Page() {
  return <RecordPage />;
}
