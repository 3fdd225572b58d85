'use client';

import { Download } from 'lucide-react';
import { EXPORT_FORMATS, type ExportFormat, exportFileName } from '@/lib/export';
import type { TranscriptRecord } from '@/lib/store/schema';
import { readTranscript } from '@/lib/store/transcripts';
import { attempt } from '../../_state/commands';
import { saveAs } from '../../_state/download';
import { MenuButton } from '../ui/menu';

/** The transcript as a file, in any of the formats there are. */
export function ExportMenu({ record: { id, title } }: { record: TranscriptRecord }) {
  const save = (format: ExportFormat) =>
    attempt(async () => {
      const text = format.write(await readTranscript(id));
      saveAs(new Blob([text], { type: format.mediaType }), exportFileName(title, format.extension));
    });
  return (
    <MenuButton
      label="Export"
      icon={<Download aria-hidden size={16} />}
      items={EXPORT_FORMATS.map((format) => ({
        key: format.id,
        label: format.label,
        run: () => void save(format),
      }))}
    />
  );
}
