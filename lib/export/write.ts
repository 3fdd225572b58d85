import type { Transcript } from '@/lib/transcript';
import { writeCsv } from './csv';
import { writeDapt } from './dapt';
import { writeEaf } from './eaf';
import { writeExb } from './exb';
import type { FormatId } from './formats';
import { writeHtml } from './html';
import { writeJson } from './json';
import { writeMd } from './md';
import type { ExportLabels, ExportOptions } from './options';
import { writeMaxqda, writeQualCoder } from './qda';
import { writeSrt, writeVtt } from './subtitles';
import { writeTemplate } from './template';
import { writeTxt } from './txt';

/** Text, or the bytes of a file that is not one. */
export type FileContent = string | Uint8Array<ArrayBuffer>;

type Writer = (
  transcript: Transcript,
  options: ExportOptions,
  labels: ExportLabels,
) => FileContent | Promise<FileContent>;

const WRITERS: Record<FormatId, Writer> = {
  txt: writeTxt,
  srt: writeSrt,
  vtt: writeVtt,
  json: writeJson,
  md: writeMd,
  csv: writeCsv,
  docx: async (...args) => (await import('./docx')).writeDocx(...args),
  html: writeHtml,
  eaf: writeEaf,
  exb: writeExb,
  maxqda: writeMaxqda,
  qualcoder: writeQualCoder,
  dapt: writeDapt,
  template: writeTemplate,
};

/**
 * A whole file in one of the formats.
 * @throws AppError STORE_CORRUPT when the transcript does not have its form
 */
export async function writeExport(
  format: FormatId,
  transcript: Transcript,
  options: ExportOptions,
  labels: ExportLabels,
): Promise<FileContent> {
  return WRITERS[format](transcript, options, labels);
}
