import { BlobReader, BlobWriter, ZipWriter } from '@zip.js/zip.js';
import type { Transcript } from '@/lib/transcript';
import { exportFileName } from './file-name';
import { EXPORT_FORMATS, type FormatId } from './formats';
import type { ExportLabels, ExportOptions } from './options';
import { writeExport } from './write';

/** The name of each file of an archive: formats with the same extension have their id in it. */
export function archiveNames(title: string, formats: readonly FormatId[]): Map<FormatId, string> {
  const taken = new Set<string>();
  return new Map(
    EXPORT_FORMATS.filter(({ id }) => formats.includes(id)).map(({ id, extension }) => {
      const plain = exportFileName(title, extension);
      const name = taken.has(plain) ? exportFileName(title, `${id}.${extension}`) : plain;
      taken.add(name);
      return [id, name];
    }),
  );
}

/** One file, or a ZIP archive of several. @throws AppError STORE_CORRUPT as `writeExport` */
export async function packFiles(
  transcript: Transcript,
  formats: readonly FormatId[],
  options: ExportOptions,
  labels: ExportLabels,
): Promise<Blob> {
  const write = async (id: FormatId) =>
    new Blob([await writeExport(id, transcript, options, labels)], {
      type: EXPORT_FORMATS.find((format) => format.id === id)?.mediaType ?? '',
    });
  const [first] = formats;
  if (formats.length === 1 && first) return write(first);
  // in this worker: one of its own would have to be allowed by the page's policy
  const zip = new ZipWriter(new BlobWriter('application/zip'), { useWebWorkers: false });
  for (const [id, name] of archiveNames(transcript.title, formats))
    await zip.add(name, new BlobReader(await write(id)));
  return zip.close();
}
