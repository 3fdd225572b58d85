import type { Metadata } from 'next';
import { Suspense } from 'react';
import { SignInPage, t } from '@/app/_features/account';

export const metadata: Metadata = { title: t('signIn') };

export default function Page() {
  return (
    // what stands in the address is known in the browser only
    <Suspense>
      <SignInPage />
    </Suspense>
  );
}
