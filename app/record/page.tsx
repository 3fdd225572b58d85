import type { Metadata } from 'next';
import { RecordPage, t } from '@/app/_features/recording';

export const metadata: Metadata = { title: t('record') };

export default function Page() {
  return <RecordPage />;
}
