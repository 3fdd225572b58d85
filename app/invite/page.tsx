import type { Metadata } from 'next';
import { InvitePage, t } from '@/app/_features/account';

export const metadata: Metadata = { title: t('invitation') };

export default function Page() {
  return <InvitePage />;
}
