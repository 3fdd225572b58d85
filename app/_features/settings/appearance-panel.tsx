'use client';

import { useEffect, useState } from 'react';
import { chooseLanguage, chosenLanguage, LANGUAGES } from '@/app/_features/i18n';
import { Panel, SelectField, setTheme, THEMES, useTheme } from '@/app/_features/ui';
import { t } from './messages';

/** Light, dark, or as the device has it; and the language of the app's own texts. */
export function AppearancePanel() {
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
