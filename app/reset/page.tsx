import type { Metadata } from 'next';
import { ResetPage } from '@/app/_features/account/reset-page';

export const metadata: Metadata = { title: 'New password' };

export default function Page() {
  return <ResetPage />;
}
