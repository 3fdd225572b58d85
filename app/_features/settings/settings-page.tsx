'use client';

import Link from 'next/link';
import { AccountPanels } from '@/app/_features/account';
import { usePageTitle } from '@/app/_features/i18n';
import { WatchPanel } from '@/app/_features/library';
import { SharesPanel } from '@/app/_features/sharing';
import { SyncSettings } from '@/app/_features/sync';
import { Panel } from '@/app/_features/ui';
import { AppearancePanel } from './appearance-panel';
import { BackendPanel } from './backend-panel';
import { t } from './messages';
import { LanguagePanel, ModelPanel } from './model-panel';
import { NumbersPanel } from './numbers-panel';
import { PrivatePanel } from './private-panel';
import { RecordingPanel } from './recording-panel';
import { StoragePanel } from './storage-panel';
import { VocabularyPanel } from './vocabulary-panel';

/** Everything there is to choose. */
export function SettingsPage() {
  usePageTitle(t('settings'));
  return (
    <div className="space-y-10 pt-2 sm:pt-6">
      <h1 className="text-2xl sm:text-3xl">{t('settings')}</h1>
      <ModelPanel />
      <LanguagePanel />
      <VocabularyPanel />
      <NumbersPanel />
      <RecordingPanel />
      <BackendPanel />
      <StoragePanel />
      <WatchPanel />
      <PrivatePanel />
      <AppearancePanel />
      <AccountPanels renderSync={(owner) => <SyncSettings owner={owner} />} />
      <SharesPanel />
      <Panel split title={t('thisDevice')}>
        <p className="text-muted text-sm">
          {t.rich('checkDevice', {
            link: (text) => (
              <Link
                href="/diagnostics"
                className="inline-flex min-h-10 items-center text-accent underline underline-offset-4"
              >
                {text}
              </Link>
            ),
          })}
        </p>
        <p className="text-muted text-sm">
          {t.rich('whatWasSent', {
            link: (text) => (
              <Link
                href="/requests"
                className="inline-flex min-h-10 items-center text-accent underline underline-offset-4"
              >
                {text}
              </Link>
            ),
          })}
        </p>
      </Panel>
    </div>
  );
}
