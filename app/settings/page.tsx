import type { Metadata } from 'next';
import { t } from '@/app/_features/settings/messages';
import { SettingsPage } from '@/app/_features/settings/settings-page';

export const metadata: Metadata = { title: t('settings') };

export default function Page() {
  return <SettingsPage />;
}
