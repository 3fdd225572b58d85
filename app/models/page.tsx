import type { Metadata } from 'next';
import { ModelsPage, t } from '@/app/_features/models';

export const metadata: Metadata = { title: t('models') };

export default function Page() {
  return <ModelsPage />;
}
