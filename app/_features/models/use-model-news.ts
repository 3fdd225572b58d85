'use client';

import { useEffect, useRef } from 'react';
import { showToast } from '@/app/_features/ui';
import { isSpeakerModel } from '@/lib/catalogue';
import type { ListedModel } from '@/lib/client/model-library';
import { t } from './messages';
import { putToUse } from './model-commands';
import { newlyInstalled } from './model-news';

/** Says, for those who look or listen elsewhere, that a model has come. */
export function useModelNews(listed: readonly ListedModel[] | null, modelId: string): void {
  const before = useRef(listed);
  useEffect(() => {
    for (const { model } of newlyInstalled(before.current, listed))
      showToast({
        text: t('downloaded', { name: model.name }),
        action:
          model.id === modelId || isSpeakerModel(model)
            ? null
            : { label: t('useIt'), run: () => void putToUse(model.id) },
      });
    before.current = listed;
  }, [listed, modelId]);
}
