import type { Metadata } from 'next';
import { t } from '@/app/_features/recording/messages';
import { RecordPage } from '@/app/_features/recording/record-page';

export const metadata: Metadata = { title: t('record') };

export default function Page() {
  return <RecordPage />;
}
