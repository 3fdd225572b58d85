import type { Metadata } from 'next';
import { SetupPage, t } from '@/app/_features/account';

export const metadata: Metadata = { title: t('setUp') };

export default function Page() {
  return <SetupPage />;
}
