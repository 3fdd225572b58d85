import type { ExportOptions } from './options';

/** Choices that a format may have no use for. */
export type ExportOption = Exclude<keyof ExportOptions, 'verbatim' | 'pauses' | 'minPauseMs'>;

/** A form in which a transcript can be taken away. */
export interface ExportFormat {
  id: FormatId;
  /** As the export menu shows it; `null`: it has a name in the user's language. */
  label: string | null;
  /** Without the dot. */
  extension: string;
  mediaType: string;
  /** The choices that change it, beside verbatim or clean text, which all formats have. */
  options: readonly ExportOption[];
}

const FORMATS = [
  {
    id: 'txt',
    label: null,
    extension: 'txt',
    mediaType: 'text/plain;charset=utf-8',
    options: ['speakers', 'times', 'bookmarks'],
  },
  {
    id: 'srt',
    label: 'SubRip (.srt)',
    extension: 'srt',
    mediaType: 'application/x-subrip;charset=utf-8',
    options: ['speakers', 'subtitles'],
  },
  {
    id: 'vtt',
    label: 'WebVTT (.vtt)',
    extension: 'vtt',
    mediaType: 'text/vtt;charset=utf-8',
    options: ['speakers', 'bookmarks', 'subtitles'],
  },
  {
    id: 'json',
    label: 'JSON (.json)',
    extension: 'json',
    mediaType: 'application/json',
    options: ['speakers', 'bookmarks'],
  },
  {
    id: 'md',
    label: 'Markdown (.md)',
    extension: 'md',
    mediaType: 'text/markdown;charset=utf-8',
    options: ['speakers', 'times', 'bookmarks'],
  },
  {
    id: 'csv',
    label: 'CSV (.csv)',
    extension: 'csv',
    mediaType: 'text/csv;charset=utf-8',
    options: ['speakers', 'times', 'bookmarks', 'words'],
  },
  {
    id: 'docx',
    label: 'Word (.docx)',
    extension: 'docx',
    mediaType: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    options: ['speakers', 'times', 'bookmarks'],
  },
  {
    id: 'html',
    label: 'HTML (.html)',
    extension: 'html',
    mediaType: 'text/html;charset=utf-8',
    options: ['speakers', 'times', 'bookmarks'],
  },
  {
    id: 'eaf',
    label: 'ELAN (.eaf)',
    extension: 'eaf',
    mediaType: 'application/xml',
    options: ['speakers', 'bookmarks', 'words'],
  },
  {
    id: 'exb',
    label: 'EXMARaLDA (.exb)',
    extension: 'exb',
    mediaType: 'application/xml',
    options: ['speakers', 'bookmarks', 'words'],
  },
  {
    id: 'maxqda',
    label: 'MAXQDA (.txt)',
    extension: 'txt',
    mediaType: 'text/plain;charset=utf-8',
    options: ['speakers', 'bookmarks'],
  },
  {
    id: 'qualcoder',
    label: 'QualCoder (.txt)',
    extension: 'txt',
    mediaType: 'text/plain;charset=utf-8',
    options: ['speakers', 'bookmarks'],
  },
  {
    id: 'dapt',
    label: 'DAPT (.ttml)',
    extension: 'ttml',
    mediaType: 'application/ttml+xml',
    options: ['speakers', 'words'],
  },
  {
    id: 'template',
    label: null,
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
