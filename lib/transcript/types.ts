import { z } from 'zod';

/** A word is doubtful below this confidence: fewer than half of such words are right. */
export const UNSURE_BELOW = 0.5;

/** One word with its place in the recording, in whole milliseconds, and how sure we are (0 to 1). */
export const wordSchema = z.object({
  text: z.string(),
  startMs: z.number().int().nonnegative(),
  endMs: z.number().int().nonnegative(),
  confidence: z.number().min(0).max(1),
  /** What the recogniser would have written next, the likeliest first; left out where it kept none. */
  alternatives: z.array(z.string()).optional(),
});

/** A timed unit of text. `text` is the words joined (`joinWords`). */
export const transcriptSegmentSchema = z.object({
  id: z.string(),
  startMs: z.number().int().nonnegative(),
  endMs: z.number().int().nonnegative(),
  speakerId: z.string().nullable(),
  text: z.string(),
  edited: z.boolean(),
  words: z.array(wordSchema),
});

export const sourceInfoSchema = z.object({
  name: z.string(),
  mediaType: z.string(),
  sizeBytes: z.number().int().nonnegative(),
  sha256: z.string().nullable(),
});

export const modelInfoSchema = z.object({
  id: z.string(),
  backend: z.enum(['wasm', 'webgpu']),
  precision: z.string(),
});

export const speakerSchema = z.object({ id: z.string(), name: z.string() });

/** The transcript as exported, stored and shared. */
export const transcriptSchema = z.object({
  version: z.literal(1),
  id: z.string(),
  title: z.string(),
  language: z.string(),
  createdAt: z.string(),
  durationMs: z.number().int().nonnegative(),
  source: sourceInfoSchema,
  model: modelInfoSchema,
  speakers: z.array(speakerSchema),
  segments: z.array(transcriptSegmentSchema),
  /** Bookmarks, in order; left out where there are none. */
  marks: z
    .array(z.object({ atMs: z.number().int().nonnegative(), label: z.string().optional() }))
    .optional(),
});

export type Word = z.infer<typeof wordSchema>;
export type Speaker = z.infer<typeof speakerSchema>;
export type TranscriptSegment = z.infer<typeof transcriptSegmentSchema>;
export type SourceInfo = z.infer<typeof sourceInfoSchema>;
export type ModelInfo = z.infer<typeof modelInfoSchema>;
export type Transcript = z.infer<typeof transcriptSchema>;
