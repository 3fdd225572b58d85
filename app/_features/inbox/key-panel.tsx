'use client';

import { useQueryClient } from '@tanstack/react-query';
import { queryKeys, useSetting } from '@/app/_features/app';
import { attempt, Button, FileButton, Notice, Panel, saveAs, showToast } from '@/app/_features/ui';
import { chooseInboxKey, keepKey, keyFile, keyToSealTo, readKeyFile } from '@/lib/client/inbox';
import { t } from './messages';

/** Whether the user's transcripts are sealed before the server gets them. @param publicKey `null`: they are not */
export function KeyPanel({ publicKey }: { publicKey: string | null }) {
  const queries = useQueryClient();
  const keys = useSetting('inboxKeys');
  const here = keys.find((key) => key.publicKey === publicKey);
  const save = (key: Parameters<typeof keyFile>[0]) => saveAs(keyFile(key), keyFile(key).name);
  const choose = async (isSealed: boolean) => {
    const done = await attempt(async () => {
      if (!isSealed) return chooseInboxKey(null);
      const key = await keyToSealTo();
      // before anything is sealed to it
      save(key);
      return chooseInboxKey(key.publicKey);
    });
    await queries.invalidateQueries({ queryKey: queryKeys.inbox });
    if (done) showToast({ text: t(isSealed ? 'sealedNow' : 'unsealedNow') });
  };
  return (
    <Panel split title={t('privacy')}>
      <div className="space-y-4 text-sm">
        <p>{t(publicKey === null ? 'plainHint' : 'sealedHint')}</p>
        {here && <p className="text-muted">{t('keyFileHint')}</p>}
        <p className="text-muted">{t('soundHint')}</p>
        <div className="flex flex-wrap gap-2">
          {publicKey === null ? (
            <Button onClick={() => void choose(true)}>{t('seal')}</Button>
          ) : (
            <>
              {here && <Button onClick={() => save(here)}>{t('saveKey')}</Button>}
              <Button onClick={() => void choose(false)}>{t('unseal')}</Button>
            </>
          )}
        </div>
      </div>
    </Panel>
  );
}

/** Where a device lacks a key: says so, and takes the file that has it. */
export function KeyFileChooser() {
  const read = async (file: File) => {
    const done = await attempt(async () => keepKey(await readKeyFile(file)), {
      BAD_REQUEST: t('noKeyFile'),
    });
    if (done) showToast({ text: t('keyKept') });
  };
  return (
    <Notice tone="warn">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="min-w-0 flex-1 basis-56">{t('keyMissing')}</p>
        <FileButton accept=".json,application/json" onFile={(file) => void read(file)}>
          {t('chooseKeyFile')}
        </FileButton>
      </div>
    </Notice>
  );
}
