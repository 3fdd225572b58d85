import type { Metadata } from 'next';
import { DatasetPage, t } from '@/app/_features/dataset';

export const metadata: Metadata = { title: t('trainingSet') };

export default function Page() {
  return <DatasetPage />;
}
