import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { AppShell } from '@/app/_features/shell';
import { THEME_SCRIPT } from '@/app/_features/ui';
import './globals.css';
import { LANGUAGE_SCRIPT } from '@/app/_features/i18n';
import { t } from '@/app/_features/shell';
import { Providers } from './providers';

export const metadata: Metadata = {
  title: { default: 'AI2Text', template: '%s · AI2Text' },
  description: t('description'),
  applicationName: 'AI2Text',
};

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#faf8f4' },
    { media: '(prefers-color-scheme: dark)', color: '#131617' },
  ],
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    // the two scripts set attributes before React starts
    <html lang="en" suppressHydrationWarning>
      <head>
        <script>{THEME_SCRIPT}</script>
        <script>{LANGUAGE_SCRIPT}</script>
      </head>
      <body className="bg-bg font-sans text-ink antialiased">
        <Providers>
          <AppShell>{children}</AppShell>
        </Providers>
      </body>
    </html>
  );
}
