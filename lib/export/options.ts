import { z } from 'zod';

/** What subtitles keep to. */
export const subtitleRulesSchema = z.object({
  /** Characters in a line, spaces and punctuation counted. */
  lineLength: z.number().int().min(10).max(100),
  /** Lines of a cue. */
  lines: z.number().int().min(1).max(3),
  charactersPerSecond: z.number().min(5).max(60),
  /** Shortest and longest time that a cue is shown. */
  minMs: z.number().int().min(0).max(5000),
  maxMs: z.number().int().min(1000).max(20_000),
  /** Frames a second of the video that the subtitles are for. */
  frameRate: z.number().min(10).max(120),
  /** How a cue with which another speaker begins shows that; WebVTT always has the name. */
  speakerStyle: z.enum(['name', 'dash']),
});

/** What the user has chosen for all formats; each takes what it can express. */
export const exportOptionsSchema = z.object({
  speakers: z.boolean(),
  times: z.boolean(),
  bookmarks: z.boolean(),
  /** One row or annotation for each word. */
  words: z.boolean(),
  /** As it was said: with fillers, and with pauses where they are wanted. */
  verbatim: z.boolean(),
  /** Shows pauses of at least `minPauseMs` as `(2.1)`; verbatim text only. */
  pauses: z.boolean(),
  minPauseMs: z.number().int().min(100).max(60_000),
  subtitles: subtitleRulesSchema,
  /** The user's own form of a text file (`template.ts`). */
  template: z.string().max(20_000),
});

export type SubtitleRules = z.infer<typeof subtitleRulesSchema>;
export type ExportOptions = z.infer<typeof exportOptionsSchema>;

/** Limits of English subtitles at large broadcasters and streaming services. */
export const DEFAULT_SUBTITLE_RULES: SubtitleRules = {
  lineLength: 42,
  lines: 2,
  charactersPerSecond: 20,
  minMs: 833,
  maxMs: 7000,
  frameRate: 25,
  speakerStyle: 'name',
};

export const DEFAULT_TEMPLATE = `{{title}}
{{date}}, {{duration}}

{{#segments}}
[{{start}}]{{#speaker}} {{speaker}}:{{/speaker}} {{text}}
{{/segments}}
`;

export const DEFAULT_EXPORT_OPTIONS: ExportOptions = {
  speakers: true,
  times: false,
  bookmarks: true,
  words: false,
  verbatim: true,
  pauses: false,
  minPauseMs: 1000,
  subtitles: DEFAULT_SUBTITLE_RULES,
  template: DEFAULT_TEMPLATE,
};

/** Words that writers put into a file, in the user's language. */
export interface ExportLabels {
  /** The language that these words are of, BCP 47. */
  locale: string;
  transcript: string;
  date: string;
  duration: string;
  language: string;
  recording: string;
  speakers: string;
  bookmark: string;
}

export const ENGLISH_LABELS: ExportLabels = {
  locale: 'en',
  transcript: 'Transcript',
  date: 'Date',
  duration: 'Duration',
  language: 'Language',
  recording: 'Recording',
  speakers: 'Speakers',
  bookmark: 'Bookmark',
};
