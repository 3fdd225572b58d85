'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useStore } from 'zustand';
import { Button, Dialog, Field, ProgressLine } from '@/app/_features/ui';
import { bareName, isolated } from '@/lib/core';
import { joinFiles, justAdded, transcribeInstead, withText } from './commands';
import { t } from './messages';
import { transcriptsQuery } from './use-library';

/** After recordings were added together with texts of their names: says that they were joined, and offers the other way. */
export function AddedWithText() {
  const { added: all, reading } = useStore(withText);
  const { data: records = [] } = useQuery(transcriptsQuery);
  // one that was deleted meanwhile is nothing to decide about
  const added = all.filter(({ id }) => records.some((record) => record.id === id));
  const [first] = added;
  if (!first && !reading) return null;
  return (
    <section
      aria-label={t('withText')}
      className="space-y-3 rounded-xl bg-sunken px-4 py-3 text-sm"
    >
      {reading && (
        <ProgressLine
          label={isolated(reading.fileName)}
          percent={reading.share * 100}
          hint={t('readingSound')}
        />
      )}
      {first && (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
          <p role="status" className="min-w-0 flex-1 basis-64 [overflow-wrap:anywhere]">
            {t('addedWithText', {
              count: added.length,
              recording: isolated(first.recording.name),
              text: isolated(first.text.name),
            })}
          </p>
          <div className="flex flex-wrap gap-2">
            <Button onClick={() => void transcribeInstead()}>{t('transcribeInstead')}</Button>
            <Button tone="quiet" onClick={() => withText.setState({ added: [] })}>
              {t('keepItsText')}
            </Button>
          </div>
        </div>
      )}
    </section>
  );
}

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
