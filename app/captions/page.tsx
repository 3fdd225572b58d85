import type { Metadata } from 'next';
import { CaptionsPage, t } from '@/app/_features/captions';

export const metadata: Metadata = { title: t('captions') };

export default function Page() {
  return <CaptionsPage />;
}
