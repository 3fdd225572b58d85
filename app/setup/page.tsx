import type { Metadata } from 'next';
import { SetupPage } from '../_components/account/setup-page';

export const metadata: Metadata = { title: 'Set up' };

export default function Page() {
  return <SetupPage />;
}
