'use client';

import { Check } from 'lucide-react';
import { Button, formatBytes } from '@/app/_features/ui';
import type { DraftModel } from '@/lib/catalogue';
import { FactLine, headingId, ItemFrame, MoreAbout } from './item-parts';
import { t } from './messages';
import { ModelCheck } from './model-check';
import { putToUse } from './model-commands';
import { languagesText } from './model-facts';

/** Draft, the small built-in model: always there, so there is nothing to download or delete. */
export function EmbeddedItem({ model, isInUse }: { model: DraftModel; isInUse: boolean }) {
  const { id, name, description, languages, licence, credits, backends } = model;
  const bytes = Object.values(backends.wasm.files).reduce((sum, file) => sum + file.bytes, 0);
  const use = async () => {
    // the button goes away with the focus on it
    if (await putToUse(id)) document.getElementById(headingId(id))?.focus();
  };
  return (
    <ItemFrame
      id={id}
      name={name}
      isInUse={isInUse}
      facts={
        <>
          <FactLine facts={[formatBytes(bytes), languagesText(languages), licence]} />
          <p className="text-muted text-sm">{t('builtIn')}</p>
        </>
      }
      buttons={
        !isInUse && (
          <Button
            icon={<Check aria-hidden size={16} />}
            aria-describedby={headingId(id)}
            onClick={() => void use()}
          >
            {t('use')}
          </Button>
        )
      }
    >
      <p className="mt-2 text-sm">{description}</p>
      <MoreAbout languages={languages} credits={credits} />
      {isInUse && <ModelCheck id={id} />}
    </ItemFrame>
  );
}
