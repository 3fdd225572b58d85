'use client';

import { useCatalogue, useChosenSetting } from '@/app/_features/app';
import {
  canTranslate,
  choosableLanguages,
  chosenLanguages,
  descriptionOf,
  isBuiltIn,
  languagesText,
  ModelLine,
  namedLanguages,
  useListedModels,
  useModelInUse,
  withLanguage,
} from '@/app/_features/models';
import { formatBytes, Notice, Panel, SelectField } from '@/app/_features/ui';
import { t } from './messages';

/** The model in use, with an honest word on what it can do, and the way to the others. */
export function ModelPanel() {
  const { data, isError } = useCatalogue();
  const listed = useListedModels();
  const model = useModelInUse();
  const isSettled = data !== undefined && listed !== null;
  const entry = listed?.find((one) => one.model.id === model?.id);
  return (
    <Panel split title={t('speechModel')}>
      {isError && (
        <Notice tone="danger">
          <p>{t('catalogueFailed')}</p>
        </Notice>
      )}
      {model && (
        <div className="space-y-4">
          <div>
            <p className="font-medium">{model.name}</p>
            <p className="text-muted text-sm">{modelFacts(model, entry).join(' · ')}</p>
          </div>
          {model.family === 'ctc' ? (
            <Notice tone="warn">
              <p>{descriptionOf(model)}</p>
            </Notice>
          ) : (
            <p className="max-w-prose text-sm">{descriptionOf(model)}</p>
          )}
          {model.credits.length > 0 && (
            <details className="text-sm">
              <summary className="min-h-10 cursor-pointer content-center text-muted">
                {model.family === 'ctc' ? t('trainedOn') : t('whoMade')}
              </summary>
              <ul className="list-disc space-y-1 ps-5">
                {model.credits.map((credit) => (
                  <li key={credit}>{credit}</li>
                ))}
              </ul>
            </details>
          )}
        </div>
      )}
      {isSettled && !model && (
        <Notice tone="warn">
          <p>{t('modelGone')}</p>
        </Notice>
      )}
      <div className="mt-4">
        <ModelLine />
      </div>
    </Panel>
  );
}

/** Where it comes from or how large it is, what it understands, and its licence. */
function modelFacts(
  model: NonNullable<ReturnType<typeof useModelInUse>>,
  entry: NonNullable<ReturnType<typeof useListedModels>>[number] | undefined,
): string[] {
  const { languages, licence } = model;
  const rest = [languagesText(languages), licence];
  if (model.family === 'ctc')
    return [t('builtIn'), formatBytes(sizeOf(model.backends.wasm.files)), ...rest];
  const size =
    entry?.state.state === 'installed'
      ? t('bytesOnDevice', { bytes: formatBytes(entry.state.bytes) })
      : t('notOnDevice');
  return [...(entry && isBuiltIn(entry) ? [t('builtIn')] : []), size, ...rest];
}

function sizeOf(files: Record<string, { bytes: number }>): number {
  return Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Which language is spoken, where the model in use knows several, and whether it translates. */
export function LanguagePanel() {
  const model = useModelInUse();
  const [language, chooseLanguage] = useChosenSetting('language');
  const [translate, chooseTranslate] = useChosenSetting('translate');
  const listed = useListedModels();
  const languages = model ? choosableLanguages(model, listed) : ['en'];
  const only = languagesText(languages);
  if (!model || languages.length < 2)
    return (
      <Panel split title={t('language')}>
        <p className="text-sm">
          {t.rich('knowsOneLanguage', {
            model: model ? model.name : t('theModel'),
            language: only,
            muted: (text) => <span className="text-muted">{text}</span>,
          })}
        </p>
      </Panel>
    );
  return (
    // another name than the field's: a name stands for one thing
    <Panel split title={t('whatIsSpoken')}>
      <LanguageChoice
        languages={languages}
        value={language}
        onChange={(value) => void chooseLanguage(value)}
      />
      <p className="mt-2 text-muted text-sm">{t('whatIsSpokenHint')}</p>
      {canTranslate(model) && (
        <div className="mt-4 text-sm">
          <label className="inline-flex min-h-10 cursor-pointer items-center gap-2.5">
            <input
              type="checkbox"
              checked={translate}
              onChange={({ target }) => void chooseTranslate(target.checked)}
              className="size-4.5 accent-accent"
            />
            {t('translate')}
          </label>
          <p className="text-muted">{t('translateHint')}</p>
        </div>
      )}
    </Panel>
  );
}

const NAMES = ['language', 'alsoSpoken', 'spokenAsWell'] as const;

/** Which languages may be spoken: none chosen, one, or several, in one of which each part is. */
function LanguageChoice({
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
        <SelectField
          key={name}
          label={t(name)}
          value={chosen[at] ?? ''}
          onChange={({ target }) => onChange(withLanguage(chosen, at, target.value))}
          className="w-full sm:w-64"
        >
          <option value="">{at === 0 ? t('findOut') : t('none')}</option>
          {namedLanguages(
            languages.filter((code) => code === chosen[at] || !chosen.includes(code)),
          ).map(({ code, name: language }) => (
            <option key={code} value={code}>
              {language}
            </option>
          ))}
        </SelectField>
      ))}
    </div>
  );
}
