'use client';

import { Button } from '@/app/_features/ui';
import type { ListedModel } from '@/lib/client/model-library';
import { headingId } from './item-parts';
import { t } from './messages';
import { downloadModel } from './model-commands';
import { sizeText, transferOf } from './model-facts';
import { type Device, fittingChoices } from './model-variant';

/** Quietly offers the files for the other processor, where the device could use both. */
export function OtherVariant({ listed, device }: { listed: ListedModel; device: Device }) {
  const { model, state } = listed;
  const isHere = state.state === 'installed';
  if (transferOf(state)) return null;
  const choices = fittingChoices(model, device);
  // the first is what Download takes
  const others = isHere
    ? choices.filter(({ backend }) => !state.backends.includes(backend))
    : choices.slice(1);
  const [other] = others;
  // nothing of it runs here: Download offers what does
  if (!other || (isHere && others.length === choices.length)) return null;
  const words = t(`${isHere ? 'also' : 'instead'}.${other.backend}`);
  return (
    <div className="-mx-3.5 mt-1">
      <Button
        tone="link"
        aria-describedby={headingId(model.id)}
        onClick={() => void downloadModel(model.id, other.backend)}
      >
        {words} ({sizeText(other.variant)})
      </Button>
    </div>
  );
}
