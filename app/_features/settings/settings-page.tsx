'use client';

import Link from 'next/link';
import { AccountPanels } from '@/app/_features/account';
import { SharesPanel } from '@/app/_features/sharing';
import { SyncSettings } from '@/app/_features/sync';
import { Panel } from '@/app/_features/ui';
import { AppearancePanel } from './appearance-panel';
import { BackendPanel } from './backend-panel';
import { LanguagePanel, ModelPanel } from './model-panel';
import { NumbersPanel } from './numbers-panel';
import { RecordingPanel } from './recording-panel';
import { StoragePanel } from './storage-panel';
import { VocabularyPanel } from './vocabulary-panel';

/** Everything there is to choose. */
export function SettingsPage() {
  return (
    <div className="space-y-10 pt-2 sm:pt-6">
      <h1 className="text-2xl sm:text-3xl">Settings</h1>
      <ModelPanel />
      <LanguagePanel />
      <VocabularyPanel />
      <NumbersPanel />
      <RecordingPanel />
      <BackendPanel />
      <StoragePanel />
      <AppearancePanel />
      <AccountPanels renderSync={(owner) => <SyncSettings owner={owner} />} />
      <SharesPanel />
      <Panel split title="This device">
        <p className="text-muted text-sm">
          <Link
            href="/diagnostics"
            className="inline-flex min-h-10 items-center text-accent underline underline-offset-4"
          >
            Check this device
          </Link>{' '}
          shows what this browser can do and how fast it is.
        </p>
      </Panel>
    </div>
  );
}
