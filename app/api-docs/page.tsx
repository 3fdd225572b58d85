import type { Metadata } from 'next';
import { ApiDocsPage } from '@/app/_features/api-docs';

export const metadata: Metadata = { title: 'API' };

export default function Page() {
  return <ApiDocsPage />;
}
