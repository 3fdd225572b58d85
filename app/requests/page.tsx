import type { Metadata } from 'next';
import { RequestsPage, t } from '@/app/_features/diagnostics';

export const metadata: Metadata = { title: t('requests') };

export default function Page() {
  return <RequestsPage />;
}
