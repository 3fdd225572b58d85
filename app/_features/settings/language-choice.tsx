'use client';

import { chosenLanguages, namedLanguages, withLanguage } from '@/app/_features/models';
import { t } from './messages';

const NAMES = ['language', 'alsoSpoken', 'spokenAsWell'] as const;

/** Which languages may be spoken: none chosen, one, or several, in one of which each part is. */
export function LanguageChoice({
  languages,
  value,
  onChange,
}: {
  /** Those that the model knows, BCP 47. */
  languages: readonly string[];
  /** As the setting has it. */
  value: string | null;
  onChange(value: string | null): void;
}) {
  const chosen = chosenLanguages(value, languages);
  return (
    <div className="flex flex-wrap gap-4">
      {NAMES.slice(0, chosen.length + 1).map((name, at) => (
        <label key={name} className="block w-full text-sm sm:w-64">
          <span className="mb-1.5 block font-medium">{t(name)}</span>
          <select
            value={chosen[at] ?? ''}
            onChange={({ target }) => onChange(withLanguage(chosen, at, target.value))}
            className="min-h-10 w-full rounded-lg border border-line bg-surface px-3"
          >
            <option value="">{at === 0 ? t('findOut') : t('none')}</option>
            {namedLanguages(
              languages.filter((code) => code === chosen[at] || !chosen.includes(code)),
            ).map(({ code, name: language }) => (
              <option key={code} value={code}>
                {language}
              </option>
            ))}
          </select>
        </label>
      ))}
    </div>
  );
}
