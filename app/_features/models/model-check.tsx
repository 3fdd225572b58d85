'use client';

import { RotateCcw } from 'lucide-react';
import { useSetting } from '@/app/_features/app';
import { Button } from '@/app/_features/ui';
import { DRAFT_MODEL_ID } from '@/lib/catalogue';
import type { SelfTestResult } from '@/lib/engine';
import { choiceText, runTexts, selfTestText, unknownTextNote } from './backend-facts';
import { headingId } from './item-parts';
import { t } from './messages';
import { checkModel } from './model-commands';
import { checkProblemText } from './model-problems';
import { useModelsPage, useTestedModel } from './use-models';

/** How the model in use did on the self-test clip, on each backend. */
export function ModelCheck({ id }: { id: string }) {
  const { checking, unusable } = useModelsPage();
  const chosen = useSetting('backend');
  const choice = useSetting('backendChoices')[id];
  const problem = unusable[id];
  // the app itself tests a model, too, when it is the default one and has just come
  const tested = useTestedModel();
  const isChecking = checking === id || tested === id;
  return (
    <>
      <div role="status" className="text-sm">
        {isChecking && <p className="mt-3 text-muted">{t('beingChecked')}</p>}
        {!isChecking && !problem && choice && (
          <div className="mt-3 rounded-lg bg-sunken px-4 py-3">
            <p className="font-medium">{choiceText(choice, chosen)}</p>
            <SelfTestList results={choice.trials} />
          </div>
        )}
      </div>
      {problem && !isChecking && (
        <div
          role="alert"
          className="mt-3 flex flex-wrap items-center justify-between gap-2 rounded-lg bg-danger-soft px-4 py-3 text-sm"
        >
          <p className="min-w-0 flex-1 basis-56">
            <span className="text-danger">{checkProblemText(problem)}</span>{' '}
            {t(id === DRAFT_MODEL_ID ? 'tryAgainOrAnother' : 'tryAgainOrOtherProcessor')}
          </p>
          <Button
            icon={<RotateCcw aria-hidden size={16} />}
            aria-describedby={headingId(id)}
            onClick={() => void checkModel(id)}
          >
            {t('retry')}
          </Button>
        </div>
      )}
    </>
  );
}

/** What the self-test found, a line for each backend. */
export function SelfTestList({ results }: { results: readonly SelfTestResult[] }) {
  const note = unknownTextNote(results);
  return (
    <ul className="mt-2 space-y-1 text-muted tabular-nums">
      {results.map((result) => (
        <li key={result.backend} className="[overflow-wrap:anywhere]">
          {[selfTestText(result), ...runTexts(result)].join(' ')}
        </li>
      ))}
      {note !== null && <li>{note}</li>}
    </ul>
  );
}
