'use client';

import { Check, Download, Pause, Play, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button, Dialog, formatBytes } from '@/app/_features/ui';
import { isSpeakerModel } from '@/lib/catalogue';
import type { ListedModel } from '@/lib/client/model-library';
import { headingId } from './item-parts';
import { t } from './messages';
import { bytesHere, deleteModel, downloadModel, pauseModel, selectModel } from './model-commands';
import { canUse, type Device, fittingChoices, transferOf } from './model-facts';

interface Props {
  listed: ListedModel;
  device: Device;
  isInUse: boolean;
}

/** What can be done with a model in the state it is in. */
export function ModelButtons({ listed, device, isInUse }: Props) {
  const { model, state, added } = listed;
  const { id } = model;
  const [asking, setAsking] = useState(false);
  const [best] = fittingChoices(model, device);
  const named = { 'aria-describedby': headingId(id) };
  const isUsable = canUse(model, state, device);
  const transfer = transferOf(state);
  const needsOther = state.state === 'installed' && !isUsable && !transfer;

  const use = async () => {
    // the button goes away with the focus on it
    if (await selectModel(id)) document.getElementById(headingId(id))?.focus();
  };
  const remove = async () => {
    setAsking(false);
    await deleteModel(listed);
  };

  return (
    <>
      {(state.state === 'absent' || needsOther) && (
        <Button
          disabled={!best}
          icon={<Download aria-hidden size={16} />}
          onClick={() => best && void downloadModel(id, best.backend)}
          {...named}
        >
          {t('download')}
        </Button>
      )}
      {transfer?.state === 'downloading' && (
        <Button
          icon={<Pause aria-hidden size={16} />}
          onClick={() => void pauseModel(id)}
          {...named}
        >
          {t('pause')}
        </Button>
      )}
      {transfer?.state === 'paused' && (
        <Button
          icon={<Play aria-hidden size={16} />}
          onClick={() => void downloadModel(id, transfer.backend)}
          {...named}
        >
          {t('resume')}
        </Button>
      )}
      {!isInUse && !isSpeakerModel(model) && (
        <Button
          tone={isUsable ? 'primary' : 'plain'}
          disabled={!isUsable}
          icon={<Check aria-hidden size={16} />}
          onClick={() => void use()}
          {...named}
        >
          {t('use')}
        </Button>
      )}
      {(state.state !== 'absent' || added) && (
        <Button
          tone="quiet"
          // its words stand at the edge, as the boxes of others do
          className="max-sm:first:-ms-3.5 sm:-me-3.5"
          icon={<Trash2 aria-hidden size={16} />}
          onClick={() => (bytesHere(listed) > 0 || added ? setAsking(true) : void remove())}
          {...named}
        >
          {t('delete')}
        </Button>
      )}
      {asking && (
        <Dialog title={t('askDelete')} onClose={() => setAsking(false)}>
          <p className="text-sm">{lossText(listed, isInUse)}</p>
          <div className="mt-5 flex flex-wrap justify-end gap-2">
            <Button onClick={() => setAsking(false)}>{t('keepIt')}</Button>
            <Button tone="danger" onClick={() => void remove()}>
              {t('deleteForGood')}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}

/** What is lost with it, and what happens then. */
function lossText(listed: ListedModel, isInUse: boolean): string {
  const { model, added } = listed;
  const bytes = bytesHere(listed);
  const again =
    model.repository === '' && added ? 'loss.folder' : added ? 'loss.added' : 'loss.published';
  return [
    bytes > 0
      ? t('loss.freed', { model: model.name, bytes: formatBytes(bytes) })
      : `${model.name}:`,
    t(again),
    ...(isInUse ? [t('loss.inUse')] : []),
    t('loss.transcriptsStay'),
  ].join(' ');
}
