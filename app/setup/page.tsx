import type { Metadata } from 'next';
import { t } from '@/app/_features/account/messages';
import { SetupPage } from '@/app/_features/account/setup-page';

export const metadata: Metadata = { title: t('setUp') };

export default function Page() {
  return <SetupPage />;
}
