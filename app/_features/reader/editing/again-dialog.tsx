import { transcribeAgain } from '@/app/_features/library';
import { useModelChoice, useModelName } from '@/app/_features/models';
import { Button, Dialog } from '@/app/_features/ui';
import type { TranscriptRecord } from '@/lib/client/store';
import { t } from '../messages';

/** Asks before a recording is transcribed once more. */
export function AgainDialog({
  record: { id, model, edits },
  onClose,
}: {
  record: TranscriptRecord;
  onClose: () => void;
}) {
  const inUse = useModelChoice();
  const nameOf = useModelName();
  const isOwnText = model === null || edits?.heldUntilMs === Number.POSITIVE_INFINITY;
  const names = { model: nameOf(inUse?.chosen ?? '') };
  return (
    <Dialog title={t('transcribeAgain')} onClose={onClose}>
      <p className="text-sm">{t(isOwnText ? 'againBeside' : 'againInstead', names)}</p>
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button
          tone="primary"
          onClick={() => {
            onClose();
            void transcribeAgain(id);
          }}
        >
          {t('transcribeAgain')}
        </Button>
      </div>
    </Dialog>
  );
}
