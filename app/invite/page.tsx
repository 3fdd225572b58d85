import type { Metadata } from 'next';
import { InvitePage } from '@/app/_features/account';

export const metadata: Metadata = { title: 'Invitation' };

export default function Page() {
  return <InvitePage />;
}
