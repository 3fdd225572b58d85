import type { Metadata } from 'next';
import { SettingsPage, t } from '@/app/_features/settings';

export const metadata: Metadata = { title: t('settings') };

export default function Page() {
  return <SettingsPage />;
}
