'use client';

import { useState } from 'react';
import { Button, Dialog, focusMain, formatBytes } from '@/app/_features/ui';
import { t } from './messages';
import { isAccountLibrary, removePageLibrary } from './page-library';

/** What this library takes up, and how all of it is removed. */
export function LibrarySize({ count, bytes }: { count: number; bytes: number | undefined }) {
  const [asked, setAsked] = useState(false);
  const isAccount = isAccountLibrary();
  const transcripts = t('transcripts', { count });
  const size =
    bytes === undefined
      ? transcripts
      : t('transcriptsWithRecordings', { transcripts, bytes: formatBytes(bytes) });
  const remove = async () => {
    setAsked(false);
    if (!(await removePageLibrary())) focusMain();
  };
  return (
    <div className="mt-4 flex flex-wrap items-center gap-3 text-sm">
      <p className="min-w-0 flex-1 basis-64 tabular-nums">
        {t(isAccount ? 'accountLibrarySize' : 'librarySize', { size })}
      </p>
      <Button onClick={() => setAsked(true)}>
        {isAccount ? t('removeMyLibrary') : t('removeLibrary')}
      </Button>
      {asked && (
        <Dialog title={t('askRemoveLibrary')} onClose={() => setAsked(false)}>
          <p className="text-sm">
            {t(isAccount ? 'removeAccountLibraryHint' : 'removeLibraryHint', { size })}
          </p>
          <div className="mt-5 flex flex-wrap justify-end gap-2">
            <Button onClick={() => setAsked(false)}>{t('keepIt')}</Button>
            <Button tone="danger" onClick={() => void remove()}>
              {t('removeForGood')}
            </Button>
          </div>
        </Dialog>
      )}
    </div>
  );
}
