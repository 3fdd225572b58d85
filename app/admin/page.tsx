import type { Metadata } from 'next';
import { AdminPage } from '@/app/_features/admin';

export const metadata: Metadata = { title: 'Workers' };

export default function Page() {
  return <AdminPage />;
}
