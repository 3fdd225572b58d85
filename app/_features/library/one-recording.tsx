'use client';

import { useState } from 'react';
import { useStore } from 'zustand';
import { Button, Dialog, Field } from '@/app/_features/ui';
import { bareName, isolated } from '@/lib/core';
import { joinFiles } from './commands';
import { justAdded } from './just-added';
import { t } from './messages';

/** More speakers than this share no table. */
const MAX_FILES = 12;

/** After several files were added at once: says that each is by itself, and offers to make one recording of them. */
export function OneRecording() {
  const { files } = useStore(justAdded);
  const [isOpen, setOpen] = useState(false);
  if (files.length < 2 || files.length > MAX_FILES) return null;
  const dismiss = () => {
    setOpen(false);
    justAdded.setState({ files: [] }, true);
  };
  return (
    <section
      aria-label={t('oneRecording')}
      className="flex flex-wrap items-center gap-x-4 gap-y-3 rounded-xl bg-sunken px-4 py-3 text-sm"
    >
      <p className="min-w-0 flex-1 basis-64">{t('addedEach', { count: files.length })}</p>
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => setOpen(true)}>{t('asOneRecording')}</Button>
        <Button tone="quiet" onClick={dismiss}>
          {t('eachByItself')}
        </Button>
      </div>
      {isOpen && <JoinDialog files={files} onClose={() => setOpen(false)} />}
    </section>
  );
}

function JoinDialog({
  files,
  onClose,
}: {
  files: { id: string; file: File }[];
  onClose: () => void;
}) {
  const join = (form: FormData) => {
    const parts = files.map(({ id, file }) => ({
      file,
      speaker: String(form.get(`speaker ${id}`)).trim() || bareName(file.name),
      startMs: Math.round(Number(form.get(`start ${id}`)) * 1000),
    }));
    onClose();
    void joinFiles(
      files.map(({ id }) => id),
      parts,
    );
  };
  return (
    <Dialog title={t('oneRecording')} wide onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          join(new FormData(event.currentTarget));
        }}
      >
        <p className="mb-5 text-sm">{t('fileIsSpeaker')}</p>
        <ul className="space-y-5">
          {files.map(({ id, file }) => (
            <li key={id} className="grid gap-x-4 gap-y-3 sm:grid-cols-[1fr_10rem]">
              <Field
                name={`speaker ${id}`}
                label={t('speakerIn', { fileName: isolated(file.name) })}
                defaultValue={bareName(file.name)}
                maxLength={100}
              />
              <Field
                name={`start ${id}`}
                label={t('startsAt')}
                type="number"
                inputMode="decimal"
                min={0}
                max={86_400}
                step={0.01}
                defaultValue={0}
                required
              />
            </li>
          ))}
        </ul>
        <div className="mt-6 flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" tone="primary">
            {t('transcribeAsOne')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
