import type { ExportOptions } from './options';

/** Choices that a format may have no use for. */
export type ExportOption = Exclude<keyof ExportOptions, 'verbatim' | 'pauses' | 'minPauseMs'>;

/** A form in which a transcript can be taken away. */
export interface ExportFormat {
  id: FormatId;
  /** Without the dot. */
  extension: string;
  mediaType: string;
  /** The choices that change it, beside verbatim or clean text, which all formats have. */
  options: readonly ExportOption[];
}

const FORMATS = [
  {
    id: 'txt',
    extension: 'txt',
    mediaType: 'text/plain;charset=utf-8',
    options: ['speakers', 'times', 'bookmarks'],
  },
  {
    id: 'srt',
    extension: 'srt',
    mediaType: 'application/x-subrip;charset=utf-8',
    options: ['speakers', 'subtitles'],
  },
  {
    id: 'vtt',
    extension: 'vtt',
    mediaType: 'text/vtt;charset=utf-8',
    options: ['speakers', 'bookmarks', 'subtitles'],
  },
  {
    id: 'json',
    extension: 'json',
    mediaType: 'application/json',
    options: ['speakers', 'bookmarks'],
  },
  {
    id: 'md',
    extension: 'md',
    mediaType: 'text/markdown;charset=utf-8',
    options: ['speakers', 'times', 'bookmarks'],
  },
  {
    id: 'csv',
    extension: 'csv',
    mediaType: 'text/csv;charset=utf-8',
    options: ['speakers', 'times', 'bookmarks', 'words'],
  },
  {
    id: 'docx',
    extension: 'docx',
    mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    options: ['speakers', 'times', 'bookmarks'],
  },
  {
    id: 'html',
    extension: 'html',
    mediaType: 'text/html;charset=utf-8',
    options: ['speakers', 'times', 'bookmarks'],
  },
  {
    id: 'eaf',
    extension: 'eaf',
    mediaType: 'application/xml',
    options: ['speakers', 'bookmarks', 'words'],
  },
  {
    id: 'exb',
    extension: 'exb',
    mediaType: 'application/xml',
    options: ['speakers', 'bookmarks', 'words'],
  },
  {
    id: 'maxqda',
    extension: 'txt',
    mediaType: 'text/plain;charset=utf-8',
    options: ['speakers', 'bookmarks'],
  },
  {
    id: 'qualcoder',
    extension: 'txt',
    mediaType: 'text/plain;charset=utf-8',
    options: ['speakers', 'bookmarks'],
  },
  {
    id: 'dapt',
    extension: 'ttml',
    mediaType: 'application/ttml+xml',
    options: ['speakers', 'words'],
  },
  {
    id: 'template',
    extension: 'txt',
    mediaType: 'text/plain;charset=utf-8',
    options: ['speakers', 'bookmarks', 'template'],
  },
] as const satisfies readonly (Omit<ExportFormat, 'id'> & { id: string })[];

export type FormatId = (typeof FORMATS)[number]['id'];

/** Every format, in the order of the menu. */
export const EXPORT_FORMATS: readonly ExportFormat[] = FORMATS;

/** The ids of all formats, for schemas. */
export const FORMAT_IDS = FORMATS.map(({ id }) => id);
