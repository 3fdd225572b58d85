'use client';

import { useEffect } from 'react';
import { currentLanguage } from '@/app/_features/i18n';
import { t } from '@/app/_features/shell';
import './globals.css';

/** Stands in for the whole page when even its frame broke. */
export default function GlobalError({ error }: { error: unknown }) {
  useEffect(() => {
    console.error(error);
  }, [error]);
  return (
    <html lang={currentLanguage().tag} dir={currentLanguage().dir}>
      <body className="bg-bg font-sans text-ink">
        <title>{t('appBroke')}</title>
        <main role="alert" className="mx-auto max-w-prose space-y-4 px-6 py-24">
          <h1 className="text-3xl">{t('appBroke')}</h1>
          <p>{t('keptReload')}</p>
          <button
            type="button"
            className="min-h-10 rounded-lg bg-accent px-4 font-medium text-on-accent"
            onClick={() => window.location.reload()}
          >
            {t('reload')}
          </button>
        </main>
      </body>
    </html>
  );
}
