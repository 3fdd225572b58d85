import type { Metadata } from 'next';
import { RecordPage } from '@/app/_features/recording';

export const metadata: Metadata = { title: 'Record' };

export default function Page() {
  return <RecordPage />;
}
