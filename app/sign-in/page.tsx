import type { Metadata } from 'next';
import { Suspense } from 'react';
import { t } from '@/app/_features/account/messages';
import { SignInPage } from '@/app/_features/account/sign-in-page';

export const metadata: Metadata = { title: t('signIn') };

export default function Page() {
  return (
    // what stands in the address is known in the browser only
    <Suspense>
      <SignInPage />
    </Suspense>
  );
}
