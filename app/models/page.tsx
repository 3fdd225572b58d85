import type { Metadata } from 'next';
import { ModelsPage } from '@/app/_features/models/models-page';

export const metadata: Metadata = { title: 'Models' };

export default function Page() {
  return <ModelsPage />;
}
