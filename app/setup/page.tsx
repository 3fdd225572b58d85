import type { Metadata } from 'next';
import { SetupPage } from '@/app/_features/account/setup-page';

export const metadata: Metadata = { title: 'Set up' };

export default function Page() {
  return <SetupPage />;
}
