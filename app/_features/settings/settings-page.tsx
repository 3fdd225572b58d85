'use client';

import Link from 'next/link';
import { useEffect, useState } from 'react';
import { AccountPanels } from '@/app/_features/account';
import { getApp, useChosenSetting, usePrivateSession, useSetting } from '@/app/_features/app';
import { chooseLanguage, chosenLanguage, LANGUAGES, usePageTitle } from '@/app/_features/i18n';
import { WatchPanel } from '@/app/_features/library';
import {
  choiceText,
  reasonText,
  SelfTestList,
  useModelChoice,
  useTestedModel,
} from '@/app/_features/models';
import { DeviceSelect, Enhancements, useMicrophones } from '@/app/_features/recording';
import { SharesPanel } from '@/app/_features/sharing';
import { SyncSettings } from '@/app/_features/sync';
import {
  attempt,
  Button,
  formatDate,
  Panel,
  SelectField,
  setTheme,
  showToast,
  THEMES,
  useTheme,
} from '@/app/_features/ui';
import type { CaptureChoice, Settings } from '@/lib/client/store';
import { setPrivateSession } from '@/lib/core';
import type { NumberStyle } from '@/lib/engine';
import { t } from './messages';
import { LanguagePanel, ModelPanel } from './model-panel';
import { StoragePanel } from './storage-panel';
import { VocabularyPanel } from './vocabulary-panel';

/** Light, dark, or as the device has it; and the language of the app's own texts. */
function AppearancePanel() {
  const theme = useTheme();
  return (
    <Panel split title={t('appearance')}>
      <fieldset>
        <legend className="mb-1.5 font-medium text-sm">{t('theme')}</legend>
        <div className="inline-flex rounded-lg border border-line bg-surface p-1">
          {THEMES.map((one) => (
            <label
              key={one}
              className="relative inline-flex min-h-10 cursor-pointer items-center rounded-md px-4 text-sm has-checked:bg-accent-soft has-checked:font-medium has-checked:text-accent has-focus-visible:outline-2 has-focus-visible:outline-accent"
            >
              <input
                type="radio"
                name="theme"
                value={one}
                checked={theme === one}
                onChange={() => setTheme(one)}
                className="sr-only"
              />
              {t(one)}
            </label>
          ))}
        </div>
      </fieldset>
      <TextLanguage />
    </Panel>
  );
}

/** Not called by the word for what is spoken: that setting has its own panel. */
function TextLanguage() {
  const [choice, setChoice] = useState('');
  // known in the browser alone
  useEffect(() => setChoice(chosenLanguage() ?? ''), []);
  return (
    <SelectField
      label={t('menusAndMessages')}
      // the page is drawn again in another language, and gives the focus back by it
      id="text-language"
      value={choice}
      onChange={({ target }) => {
        setChoice(target.value);
        chooseLanguage(target.value === '' ? null : target.value);
      }}
      className="mt-5 max-w-xs"
    >
      <option value="">{t('auto')}</option>
      {LANGUAGES.filter(({ name }) => name !== null).map(({ tag, name }) => (
        <option key={tag} value={tag} lang={tag}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}

const CHOICES = ['auto', 'webgpu', 'wasm'] as const satisfies readonly Settings['backend'][];

/** What the model runs on, what was measured here, and why it was chosen. */
function BackendPanel() {
  const [chosen, choose] = useChosenSetting('backend');
  const choices = useSetting('backendChoices');
  const now = useModelChoice()?.now ?? null;
  const choice = choices[now ?? ''];
  const tested = useTestedModel();
  const [asked, setAsked] = useState(false);
  const busy = asked || (tested !== null && tested === now);

  const check = async () => {
    setAsked(true);
    await attempt(() => getApp().chooseBackend(true));
    setAsked(false);
  };

  return (
    <Panel split title={t('processing')}>
      <div className="flex flex-wrap items-end gap-3">
        <SelectField
          label={t('backend')}
          value={chosen}
          onChange={(event) => {
            const next = CHOICES.find((value) => value === event.target.value);
            if (next) void choose(next);
          }}
          className="w-48"
        >
          {CHOICES.map((value) => (
            <option key={value} value={value}>
              {t(value)}
            </option>
          ))}
        </SelectField>
        <Button disabled={busy} onClick={() => void check()}>
          {busy ? t('checking') : t('checkAgain')}
        </Button>
      </div>
      <p className="mt-2 text-muted text-sm">{t('backendHint')}</p>
      <div role="status" className="mt-4 text-sm">
        {choice ? (
          <div className="rounded-lg border border-line bg-surface px-4 py-3">
            <p className="font-medium">{choiceText(choice, chosen)}</p>
            <p className="mt-0.5 [overflow-wrap:anywhere]">{reasonText(choice, chosen)}</p>
            <SelfTestList results={choice.trials} />
            <p className="mt-2 text-muted">
              {t('checkedOn', { date: formatDate(choice.chosenAt) })}
            </p>
          </div>
        ) : (
          <p className="text-muted">{t(busy ? 'checking' : 'notCheckedYet')}</p>
        )}
      </div>
    </Panel>
  );
}

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

const STYLES = ['as-is', 'figures', 'words'] as const satisfies readonly NumberStyle[];

/** Whether numbers are written in digits or in words, by every model alike. */
function NumbersPanel() {
  const [style, choose] = useChosenSetting('numbers');
  return (
    <Panel split title={t('numbersAndDates')}>
      <SelectField
        label={t('writeNumbers')}
        hint={t('numbersHint')}
        value={style}
        onChange={({ target }) => {
          const chosen = STYLES.find((one) => one === target.value);
          if (chosen) void choose(chosen);
        }}
        width="w-full sm:w-64"
      >
        {STYLES.map((one) => (
          <option key={one} value={one}>
            {t(`numbers.${one}`)}
          </option>
        ))}
      </SelectField>
    </Panel>
  );
}

/** What recordings are made with. */
function RecordingPanel() {
  const [choice, choose] = useChosenSetting('capture');
  const microphones = useMicrophones();
  const change = (part: Partial<CaptureChoice>) => void choose({ ...choice, ...part });
  return (
    <Panel split title={t('recording')}>
      <div className="grid gap-5 sm:grid-cols-2">
        <DeviceSelect choice={choice} microphones={microphones} onChange={change} />
        <Enhancements choice={choice} onChange={change} />
      </div>
    </Panel>
  );
}

/** Begins a private session in this tab; the banner of one ends it. */
function PrivatePanel() {
  const isPrivate = usePrivateSession();
  const begin = () => {
    if (setPrivateSession(true)) window.location.assign('/');
    else showToast({ text: t('noPrivateHere'), tone: 'danger' });
  };
  return (
    <Panel split title={t('privateSession')}>
      <p className="text-sm">{t('privateHint')}</p>
      <div className="mt-3">
        {isPrivate ? (
          <p className="text-sm">{t('isPrivate')}</p>
        ) : (
          <Button onClick={begin}>{t('beginPrivate')}</Button>
        )}
      </div>
    </Panel>
  );
}
