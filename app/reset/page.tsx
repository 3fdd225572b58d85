import type { Metadata } from 'next';
import { ResetPage } from '@/app/_features/account';

export const metadata: Metadata = { title: 'New password' };

export default function Page() {
  return <ResetPage />;
}
