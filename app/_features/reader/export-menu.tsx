'use client';

import { Download } from 'lucide-react';
import { attempt, MenuButton, saveAs } from '@/app/_features/ui';
import { EXPORT_FORMATS, type ExportFormat, exportFileName } from '@/lib/export';
import type { Transcript } from '@/lib/transcript';
import { t } from './messages';

/** A transcript as a file, in any of the formats there are. @param read the whole of it */
export function ExportMenu({ read }: { read: () => Promise<Transcript> }) {
  const save = (format: ExportFormat) =>
    attempt(async () => {
      const transcript = await read();
      saveAs(
        new Blob([format.write(transcript)], { type: format.mediaType }),
        exportFileName(transcript.title, format.extension),
      );
    });
  return (
    <MenuButton
      label={t('export')}
      icon={<Download aria-hidden size={16} />}
      items={EXPORT_FORMATS.map((format) => ({
        key: format.id,
        label: format.label,
        run: () => void save(format),
      }))}
    />
  );
}
