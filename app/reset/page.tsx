import type { Metadata } from 'next';
import { ResetPage, t } from '@/app/_features/account';

export const metadata: Metadata = { title: t('newPassword') };

export default function Page() {
  return <ResetPage />;
}
