import type { Metadata } from 'next';
import { InvitePage } from '@/app/_features/account/invite-page';
import { t } from '@/app/_features/account/messages';

export const metadata: Metadata = { title: t('invitation') };

export default function Page() {
  return <InvitePage />;
}
