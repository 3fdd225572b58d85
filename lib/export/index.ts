import type { Transcript } from '@/lib/transcript';
import { writeJson } from './json';
import { writeSrt } from './srt';
import { writeTxt } from './txt';
import { writeVtt } from './vtt';

export { exportFileName } from './file-name';

/** A form in which a transcript can be taken away. */
export interface ExportFormat {
  id: 'txt' | 'srt' | 'vtt' | 'json';
  /** As the export menu shows it. */
  label: string;
  /** Without the dot. */
  extension: string;
  mediaType: string;
  /** The whole file's text. */
  write(transcript: Transcript): string;
}

/** Every format, in the order of the menu. */
export const EXPORT_FORMATS: readonly ExportFormat[] = [
  {
    id: 'txt',
    label: 'Plain text (.txt)',
    extension: 'txt',
    mediaType: 'text/plain;charset=utf-8',
    write: writeTxt,
  },
  {
    id: 'srt',
    label: 'SubRip (.srt)',
    extension: 'srt',
    mediaType: 'application/x-subrip;charset=utf-8',
    write: writeSrt,
  },
  {
    id: 'vtt',
    label: 'WebVTT (.vtt)',
    extension: 'vtt',
    mediaType: 'text/vtt;charset=utf-8',
    write: writeVtt,
  },
  {
    id: 'json',
    label: 'JSON (.json)',
    extension: 'json',
    mediaType: 'application/json',
    write: writeJson,
  },
];
