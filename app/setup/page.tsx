import type { Metadata } from 'next';
import { SetupPage } from '@/app/_features/account';

export const metadata: Metadata = { title: 'Set up' };

export default function Page() {
  return <SetupPage />;
}
