'use client';

import Link from 'next/link';
import { useCatalogue, useChosenSetting } from '@/app/_features/app/use-settings';
import {
  canTranslate,
  choosableLanguages,
  isBuiltIn,
  languagesText,
} from '@/app/_features/models/model-facts';
import { ModelLine } from '@/app/_features/models/model-line';
import { useListedModels, useModelInUse } from '@/app/_features/models/use-models';
import { buttonClass } from '@/app/_features/ui/button';
import { formatBytes } from '@/app/_features/ui/format';
import { Notice } from '@/app/_features/ui/notice';
import { Panel } from '@/app/_features/ui/panel';
import { LanguageChoice } from './language-choice';

/** The model in use, with an honest word on what it can do, and the way to the others. */
export function ModelPanel() {
  const { data, isError } = useCatalogue();
  const listed = useListedModels();
  const model = useModelInUse();
  const isSettled = data !== undefined && listed !== null;
  const entry = listed?.find((one) => one.model.id === model?.id);
  const state = entry?.state;
  return (
    <Panel split title="Speech model">
      {isError && (
        <Notice tone="danger">
          <p>The list of models could not be loaded. Reload the page to try again.</p>
        </Notice>
      )}
      {model && (
        <div className="space-y-4">
          <div>
            <p className="font-medium">{model.name}</p>
            <p className="text-muted text-sm">
              {model.family === 'ctc'
                ? `Built in · ${formatBytes(sizeOf(model.backends.wasm.files))}`
                : `${entry && isBuiltIn(entry) ? 'Built in · ' : ''}${
                    state?.state === 'installed'
                      ? `${formatBytes(state.bytes)} on this device`
                      : 'Not on this device yet'
                  }`}{' '}
              · {languagesText(model.languages)} · {model.licence}
            </p>
          </div>
          {model.family === 'ctc' ? (
            <Notice tone="warn">
              <p>{model.description}</p>
            </Notice>
          ) : (
            <p className="max-w-prose text-sm">{model.description}</p>
          )}
          {model.credits.length > 0 && (
            <details className="text-sm">
              <summary className="min-h-10 cursor-pointer content-center text-muted">
                {model.family === 'ctc' ? 'What it was trained on' : 'Who made it'}
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
          <p>The model that was chosen is no longer on this device.</p>
        </Notice>
      )}
      <div className="mt-4">
        <ModelLine />
      </div>
      <p className="mt-4">
        <Link href="/models" className={buttonClass()}>
          Choose another model
        </Link>
      </p>
    </Panel>
  );
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
      <Panel split title="Language">
        <p className="text-sm">
          {only}.{' '}
          <span className="text-muted">
            {model ? model.name : 'The model'} knows no other language: other speech comes out as
            wrong {only} words.
          </span>
        </p>
      </Panel>
    );
  return (
    // another name than the field's: a name stands for one thing
    <Panel split title="What is spoken">
      <LanguageChoice
        languages={languages}
        value={language}
        onChange={(value) => void chooseLanguage(value)}
      />
      <p className="mt-2 text-muted text-sm">
        What is spoken in the recordings. Choosing it spares wrong guesses where the speech is short
        or noisy. Of several, each part between two pauses is written in the one that is heard
        there. Recordings that are already being transcribed keep what they began with.
      </p>
      {canTranslate(model) && (
        <div className="mt-4 text-sm">
          <label className="inline-flex min-h-10 cursor-pointer items-center gap-2.5">
            <input
              type="checkbox"
              checked={translate}
              onChange={({ target }) => void chooseTranslate(target.checked)}
              className="size-4.5 accent-accent"
            />
            Translate into English
          </label>
          <p className="text-muted">
            The text is then English whatever is spoken, and the times of its words are rough.
          </p>
        </div>
      )}
    </Panel>
  );
}
