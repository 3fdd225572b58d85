import type { Metadata } from 'next';
import { ModelsPage } from '@/app/_features/models';

export const metadata: Metadata = { title: 'Models' };

export default function Page() {
  return <ModelsPage />;
}
