'use client';

import { Download } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import { getDocuments, type OpenDocument } from '@/app/_features/app';
import {
  attempt,
  Button,
  Dialog,
  errorSentence,
  FormProblem,
  MenuButton,
  saveAs,
} from '@/app/_features/ui';
import { toAppError } from '@/lib/core';
import {
  EXPORT_FORMATS,
  type ExportFormat,
  type ExportOptions,
  exportFileName,
  type FormatId,
  parseTemplate,
  TEMPLATE_NAMES,
} from '@/lib/export';
import type { Transcript } from '@/lib/transcript';
import {
  ContentOptions,
  DEFAULT_CHOICES,
  type ExportChoices,
  exportLabels,
  formatLabel,
  isUsed,
  SubtitleOptions,
} from './export-options';
import { ExportPreview, SubtitleCheck } from './export-preview';
import { t } from './messages';

const braced = (names: readonly string[]) => names.map((name) => `{{${name}}}`).join(', ');

/** The user's own form of a text file. What is wrong with it is said below it, with the place. */
function TemplateEditor({
  template,
  onChange,
}: {
  template: string;
  onChange: (template: string) => void;
}) {
  const id = useId();
  const { problem } = parseTemplate(template);
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block font-medium text-sm">
        {t('export.templateText')}
      </label>
      <textarea
        id={id}
        dir="ltr"
        rows={8}
        value={template}
        maxLength={20_000}
        spellCheck={false}
        aria-invalid={problem !== null}
        aria-describedby={`${id}-problem`}
        onChange={({ target }) => onChange(target.value)}
        className={`block w-full rounded-lg border bg-surface p-3 font-mono text-sm ${problem ? 'border-danger' : 'border-line-strong'}`}
      />
      <p id={`${id}-problem`} role="status" className="mt-1.5 text-danger text-sm empty:hidden">
        {problem &&
          t(`export.template.${problem.kind}`, {
            line: problem.line,
            column: problem.column,
            name: problem.name,
          })}
      </p>
      <details className="mt-1.5 text-muted text-sm">
        <summary className="cursor-pointer py-1">{t('export.placeholders')}</summary>
        <p className="mt-1.5 [overflow-wrap:anywhere]">
          {t('export.placeholdersHint', {
            document: braced(TEMPLATE_NAMES.document),
            segmentsStart: '{{#segments}}',
            segmentsEnd: '{{/segments}}',
            segment: braced(TEMPLATE_NAMES.segments),
            wordsStart: '{{#words}}',
            wordsEnd: '{{/words}}',
            word: braced(TEMPLATE_NAMES.words),
            bookmarksStart: '{{#bookmarks}}',
            bookmarksEnd: '{{/bookmarks}}',
            bookmark: braced(TEMPLATE_NAMES.bookmarks),
          })}
        </p>
      </details>
    </div>
  );
}

/** What is exported, and how: formats, options, a template, and the result. */
function ExportDialog({
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
                {formatLabel(format.id)}
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
        <div className="sticky -bottom-4 -mx-4 -mb-4 flex flex-wrap justify-end gap-2 border-line border-t bg-surface px-4 py-3 sm:-bottom-6 sm:-mx-6 sm:-mb-6 sm:px-6">
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

/** A transcript as a file, in any of the formats there are. @param read the whole of it */
export function ExportMenu({
  read,
  choices,
}: {
  read: () => Promise<Transcript>;
  choices: ExportChoices;
}) {
  const [isOpen, setOpen] = useState(false);
  const [{ options }] = choices;
  const save = ({ id, extension }: ExportFormat) =>
    attempt(async () => {
      const transcript = await read();
      const document = await getDocuments().open(transcript);
      try {
        const file = await document.write([id], options, exportLabels());
        saveAs(file, exportFileName(transcript.title, extension));
      } finally {
        await document.close();
      }
    });
  return (
    <>
      <MenuButton
        shortens
        label={t('export')}
        icon={<Download aria-hidden size={16} />}
        items={[
          ...EXPORT_FORMATS.map((format) => ({
            key: format.id,
            label: formatLabel(format.id),
            run: () => void save(format),
          })),
          { key: 'options', label: t('export.options'), run: () => setOpen(true) },
        ]}
      />
      {isOpen && <ExportDialog read={read} choices={choices} onClose={() => setOpen(false)} />}
    </>
  );
}
