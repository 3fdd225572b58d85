'use client';

import { useEffect, useRef } from 'react';
import { showToast } from '@/app/_features/ui';
import { isSpeakerModel } from '@/lib/catalogue';
import type { ListedModel, ModelState } from '@/lib/client/model-library';
import type { Backend } from '@/lib/engine';
import { t } from './messages';
import { selectModel } from './model-commands';

/** Announces a model that has been downloaded, for those who look or listen elsewhere. */
export function useModelNews(listed: readonly ListedModel[] | null, modelId: string): void {
  const before = useRef(listed);
  useEffect(() => {
    for (const { model } of newlyInstalled(before.current, listed))
      showToast({
        text: t('downloaded', { name: model.name }),
        action:
          model.id === modelId || isSpeakerModel(model)
            ? null
            : { label: t('useIt'), run: () => void selectModel(model.id) },
      });
    before.current = listed;
  }, [listed, modelId]);
}

type List = readonly ListedModel[] | null;

const installed = (state: ModelState | undefined): readonly Backend[] =>
  state?.state === 'installed' ? state.backends : [];

/** The models that have become usable from one snapshot of the library to the next. */
export function newlyInstalled(before: List, after: List): ListedModel[] {
  if (!before || !after) return [];
  const states = new Map(before.map(({ model, state }) => [model.id, state]));
  return after.filter(
    ({ model, state }) =>
      states.has(model.id) && installed(state).length > installed(states.get(model.id)).length,
  );
}
