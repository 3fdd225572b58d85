'use client';

import { EMBEDDED_MODEL_ID } from '@/lib/models/catalogue';
import { useCatalogue } from '../../_hooks/use-settings';
import { formatBytes } from '../../_state/format';
import { Notice } from '../ui/notice';
import { Panel } from '../ui/panel';

/** The built-in model, with an honest word on what it can do. */
export function ModelPanel() {
  const { data, isError } = useCatalogue();
  const model = data?.models.find(({ id }) => id === EMBEDDED_MODEL_ID);
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
              Comes with the app · {formatBytes(sizeOf(model.backends.wasm.files))} ·{' '}
              {model.licence}
            </p>
          </div>
          <Notice tone="warn">
            <p>{model.description}</p>
          </Notice>
          {model.credits.length > 0 && (
            <details className="text-sm">
              <summary className="min-h-10 cursor-pointer content-center text-muted">
                What it was trained on
              </summary>
              <ul className="list-disc space-y-1 pl-5">
                {model.credits.map((credit) => (
                  <li key={credit}>{credit}</li>
                ))}
              </ul>
            </details>
          )}
        </div>
      )}
    </Panel>
  );
}

function sizeOf(files: Record<string, { bytes: number }>): number {
  return Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Which languages the model in use knows: there is nothing to choose while it is the only one. */
export function LanguagePanel() {
  return (
    <Panel split title="Language">
      <p className="text-sm">
        English.{' '}
        <span className="text-muted">
          The built-in model knows no other language: other speech comes out as wrong English words.
        </span>
      </p>
    </Panel>
  );
}
