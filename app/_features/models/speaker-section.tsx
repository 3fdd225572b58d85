'use client';

import { useId } from 'react';
import type { ListedModel } from '@/lib/client/model-library';
import { installedSpeakerModels } from '@/lib/client/speakers';
import { t } from './messages';
import { ModelItem } from './model-item';
import type { Device } from './model-variant';

/** The models that tell speakers apart: installed like those that recognise words, but not chosen among. */
export function SpeakerSection({
  models,
  device,
}: {
  models: readonly ListedModel[];
  device: Device;
}) {
  const headingId = useId();
  if (models.length === 0) return null;
  const isReady = installedSpeakerModels(models).embedding !== null;
  return (
    <section aria-labelledby={headingId} className="mt-10">
      <h2 id={headingId} className="text-xl">
        {t('speakerLabels')}
      </h2>
      <p className="mt-1 max-w-prose text-muted text-sm">{t('speakerLabelsHint')}</p>
      {isReady && <p className="mt-1 text-sm">{t('speakerLabelsReady')}</p>}
      <ul aria-labelledby={headingId} className="mt-4 space-y-4">
        {models.map((one) => (
          <ModelItem key={one.model.id} listed={one} device={device} isInUse={false} />
        ))}
      </ul>
    </section>
  );
}
