import type { Metadata } from 'next';
import { t } from '@/app/_features/account/messages';
import { ResetPage } from '@/app/_features/account/reset-page';

export const metadata: Metadata = { title: t('newPassword') };

export default function Page() {
  return <ResetPage />;
}
