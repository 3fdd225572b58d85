'use client';

import Link from 'next/link';
import { t } from '@/app/_features/shell';
import { buttonClass } from '@/app/_features/ui';

export default function NotFound() {
  return (
    <div className="max-w-prose space-y-4 py-16">
      <h1 className="text-3xl">{t('noSuchPage')}</h1>
      <p className="text-muted">{t('addressWrong')}</p>
      <Link href="/" className={buttonClass('primary')}>
        {t('backToLibrary')}
      </Link>
    </div>
  );
}
