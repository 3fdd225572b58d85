'use client';

import { useEffect, useId, useState } from 'react';
import { getDocuments, type OpenDocument } from '@/app/_features/app';
import { attempt, Button, Dialog, errorSentence, FormProblem, saveAs } from '@/app/_features/ui';

import { toAppError } from '@/lib/core';
import {
  EXPORT_FORMATS,
  type ExportOptions,
  exportFileName,
  type FormatId,
  parseTemplate,
} from '@/lib/export';
import type { Transcript } from '@/lib/transcript';
import {
  DEFAULT_CHOICES,
  type ExportChoices,
  exportLabels,
  formatLabel,
  isUsed,
} from './export-choices';
import { ContentOptions, SubtitleOptions } from './export-options';
import { ExportPreview } from './export-preview';
import { TemplateEditor } from './export-template';
import { t } from './messages';
import { SubtitleCheck } from './subtitle-check';

/** What is exported, and how: formats, options, a template, and the result. */
export function ExportDialog({
  read,
  choices: [{ formats, options }, choose],
  onClose,
}: {
  read: () => Promise<Transcript>;
  choices: ExportChoices;
  onClose: () => void;
}) {
  const { document, title, problem } = useDocument(read);
  const id = useId();
  const [isSaving, setSaving] = useState(false);
  const change = (changed: Partial<ExportOptions>) =>
    void choose({ formats, options: { ...options, ...changed } });
  const tick = (format: FormatId, isTicked: boolean) =>
    void choose({
      formats: isTicked ? [...formats, format] : formats.filter((other) => other !== format),
      options,
    });
  const isTemplateWrong =
    formats.includes('template') && parseTemplate(options.template).problem !== null;

  const save = async () => {
    if (!document) return;
    setSaving(true);
    const saved = await attempt(async () => {
      const file = await document.write(formats, options, exportLabels());
      const [first] = EXPORT_FORMATS.filter((format) => formats.includes(format.id));
      const extension = formats.length > 1 ? 'zip' : (first?.extension ?? 'txt');
      saveAs(file, exportFileName(title, extension));
    });
    setSaving(false);
    if (saved) onClose();
  };

  return (
    <Dialog wide title={t('export')} onClose={onClose}>
      <div className="space-y-6">
        <fieldset>
          <legend className="mb-2 font-medium text-sm">{t('export.formats')}</legend>
          <div className="grid grid-cols-2 gap-x-3 gap-y-1 text-sm sm:grid-cols-3">
            {EXPORT_FORMATS.map((format) => (
              <label key={format.id} className="flex min-h-8 items-center gap-2.5">
                <input
                  type="checkbox"
                  checked={formats.includes(format.id)}
                  onChange={({ target }) => tick(format.id, target.checked)}
                  className="size-4 shrink-0 accent-(--accent)"
                />
                {formatLabel(format)}
              </label>
            ))}
          </div>
          <p className="mt-2 text-muted text-sm">
            {formats.length === 0
              ? t('export.noFormat')
              : formats.length > 1
                ? t('export.several')
                : null}
          </p>
        </fieldset>
        <ContentOptions formats={formats} options={options} onChange={change} />
        {isUsed('subtitles', formats) && (
          <SubtitleOptions
            rules={options.subtitles}
            hasSpeakers={options.speakers && formats.includes('srt')}
            onChange={(subtitles) => change({ subtitles: { ...options.subtitles, ...subtitles } })}
          />
        )}
        {isUsed('template', formats) && (
          <TemplateEditor
            template={options.template}
            onChange={(template) => change({ template })}
          />
        )}
        {document && (
          <>
            {(['srt', 'vtt'] as const)
              .filter((format) => formats.includes(format))
              .map((format) => (
                <SubtitleCheck
                  key={format}
                  document={document}
                  documentKey={id}
                  format={format}
                  options={options}
                />
              ))}
            {formats.length > 0 && (
              <ExportPreview
                document={document}
                documentKey={id}
                formats={formats}
                options={options}
              />
            )}
          </>
        )}
        {!document && !problem && (
          <p role="status" className="text-muted text-sm">
            {t('export.preparing')}
          </p>
        )}
        <FormProblem>{problem}</FormProblem>
        {/* at hand however long the dialog is */}
        <div className="sticky bottom-0 -mx-4 -mb-4 flex flex-wrap justify-end gap-2 border-line border-t bg-surface px-4 py-3 sm:-mx-6 sm:-mb-6 sm:px-6">
          <Button tone="quiet" onClick={() => void choose(DEFAULT_CHOICES)}>
            {t('export.reset')}
          </Button>
          <Button
            tone="primary"
            disabled={!document || formats.length === 0 || isTemplateWrong || isSaving}
            onClick={() => void save()}
          >
            {t('export.save')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

/** The transcript as a document, from which files are made while the dialog is open. */
function useDocument(read: () => Promise<Transcript>) {
  const [state, setState] = useState<{
    document: OpenDocument | null;
    title: string;
    problem: string | null;
  }>({ document: null, title: '', problem: null });
  // the transcript as it was when the dialog was opened
  const [readOnce] = useState(() => read);
  useEffect(() => {
    let isOver = false;
    let opened: OpenDocument | null = null;
    const open = async () => {
      try {
        const transcript = await readOnce();
        if (isOver) return;
        opened = await getDocuments().open(transcript);
        if (isOver) await opened.close();
        else setState({ document: opened, title: transcript.title, problem: null });
      } catch (error) {
        if (!isOver)
          setState({ document: null, title: '', problem: errorSentence(toAppError(error).code) });
      }
    };
    void open();
    return () => {
      isOver = true;
      if (opened) void attempt(opened.close);
    };
  }, [readOnce]);
  return state;
}
