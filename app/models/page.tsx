import type { Metadata } from 'next';
import { t } from '@/app/_features/models/messages';
import { ModelsPage } from '@/app/_features/models/models-page';

export const metadata: Metadata = { title: t('models') };

export default function Page() {
  return <ModelsPage />;
}
