'use client';

import { Download } from 'lucide-react';
import { useState } from 'react';
import { getDocuments } from '@/app/_features/app';
import { attempt, MenuButton, saveAs } from '@/app/_features/ui';
import { EXPORT_FORMATS, type ExportFormat, exportFileName } from '@/lib/export';
import type { Transcript } from '@/lib/transcript';
import { type ExportChoices, exportLabels, formatLabel } from './export-choices';
import { ExportDialog } from './export-dialog';
import { t } from './messages';

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
            label: formatLabel(format),
            run: () => void save(format),
          })),
          { key: 'options', label: t('export.options'), run: () => setOpen(true) },
        ]}
      />
      {isOpen && <ExportDialog read={read} choices={choices} onClose={() => setOpen(false)} />}
    </>
  );
}
