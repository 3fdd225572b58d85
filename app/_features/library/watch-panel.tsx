'use client';

import { useState, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import { usePrivateSession } from '@/app/_features/app';
import {
  Button,
  Dialog,
  errorSentence,
  Notice,
  Panel,
  SelectField,
  showToast,
} from '@/app/_features/ui';
import {
  BESIDE_FORMATS,
  type WatchedFileRecord,
  type WatchedFolderRecord,
} from '@/lib/client/store';
import { canPickFolder, type RefusedFile, watchStore } from '@/lib/client/watched-folder';
import { isolated } from '@/lib/core';
import { t } from './messages';
import {
  allow,
  type PickedFolder,
  pickWatched,
  unwatch,
  useWatched,
  watch,
  writeAs,
} from './watched-folder';

const never = () => () => undefined;
const notOnServer = () => undefined;

/** Chooses a folder whose new recordings are transcribed by themselves. */
export function WatchPanel() {
  const canPick = useSyncExternalStore<boolean | undefined>(never, canPickFolder, notOnServer);
  const isPrivate = usePrivateSession();
  const folder = useWatched();
  return (
    <Panel split title={t('watch')}>
      <div className="space-y-4 text-sm">
        <p className="text-muted">{t('watchHint')}</p>
        {isPrivate ? (
          <p>{t('watchPrivate')}</p>
        ) : canPick === false ? (
          <p>{t('watchUnsupported')}</p>
        ) : folder ? (
          <Watched folder={folder} />
        ) : (
          <ChooseFolder />
        )}
      </div>
    </Panel>
  );
}

/** Picks a folder, and asks about what is in it already. */
function ChooseFolder() {
  const [asking, setAsking] = useState<PickedFolder | null>(null);
  const pick = async () => {
    const picked = await pickWatched();
    if (picked && picked.there.length > 0) setAsking(picked);
    else if (picked) await watch(picked.handle, []);
  };
  const answer = async (ignored: WatchedFileRecord[]) => {
    if (asking && (await watch(asking.handle, ignored))) setAsking(null);
  };
  return (
    <>
      <Button onClick={() => void pick()}>{t('watchFolder')}</Button>
      {asking && (
        <Dialog title={t('watchExisting')} onClose={() => setAsking(null)}>
          <p className="text-sm">{t('watchExistingHint', { count: asking.there.length })}</p>
          <div className="mt-4 flex flex-wrap gap-2">
            <Button tone="primary" onClick={() => void answer(asking.there)}>
              {t('watchNewOnly')}
            </Button>
            <Button onClick={() => void answer([])}>{t('watchAll')}</Button>
          </div>
        </Dialog>
      )}
    </>
  );
}

/** On the page of the library: the folder is not watched until somebody does something. */
export function WatchNotice() {
  const folder = useWatched();
  const state = useStore(watchStore, (watching) => watching.state);
  if (!folder || (state !== 'permission' && state !== 'gone')) return null;
  return (
    <Notice tone="warn" isRow>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="min-w-0 flex-1 basis-56">
          {t(`watch.${state}`, { name: isolated(folder.handle.name) })}
        </p>
        {state === 'permission' ? (
          <Button onClick={() => void allow(folder)}>{t('watchAllow')}</Button>
        ) : (
          <Button onClick={() => void unwatch()}>{t('unwatch')}</Button>
        )}
      </div>
    </Notice>
  );
}

function Watched({ folder }: { folder: WatchedFolderRecord }) {
  const { state, settling, refused, unwritten } = useStore(watchStore);
  const name = isolated(folder.handle.name);
  return (
    <>
      <p role="status">
        {t(`watch.${state}`, { name })} {settling > 0 && t('watchSettling', { count: settling })}
      </p>
      {state === 'permission' && (
        <Button tone="primary" onClick={() => void allow(folder)}>
          {t('watchAllow')}
        </Button>
      )}
      {refused.length > 0 && <Refused refused={refused} />}
      {unwritten.length > 0 && (
        <Notice tone="warn">
          <p>{t('watchUnwritten', { count: unwritten.length })}</p>
          <ul className="mt-2 space-y-1">
            {unwritten.map((path) => (
              <li key={path} className="[overflow-wrap:anywhere]">
                {isolated(path)}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <BesideChoice folder={folder} />
      <Button onClick={() => void unwatch()}>{t('unwatch')}</Button>
    </>
  );
}

function Refused({ refused }: { refused: readonly RefusedFile[] }) {
  return (
    <Notice tone="warn">
      <p>{t('watchRefused', { count: refused.length })}</p>
      <ul className="mt-2 space-y-1">
        {refused.map(({ path, reason }) => (
          <li key={path} className="[overflow-wrap:anywhere]">
            {isolated(path)}: {reason === 'cut-off' ? t('watchCutOff') : errorSentence(reason)}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** Whether transcripts are written into the folder, and as what. */
function BesideChoice({ folder }: { folder: WatchedFolderRecord }) {
  const choose = (value: string) => {
    const writes = BESIDE_FORMATS.find((one) => one === value) ?? null;
    void writeAs(folder, writes, () => showToast({ text: t('watchNotAllowed'), tone: 'danger' }));
  };
  return (
    <SelectField
      label={t('watchBeside')}
      hint={t('watchBesideHint')}
      value={folder.writes ?? ''}
      onChange={({ target }) => choose(target.value)}
      width="w-full max-w-xs"
    >
      <option value="">{t('beside.none')}</option>
      {BESIDE_FORMATS.map((format) => (
        <option key={format} value={format}>
          {t(`beside.${format}`)}
        </option>
      ))}
    </SelectField>
  );
}
