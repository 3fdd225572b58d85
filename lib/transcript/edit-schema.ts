import { z } from 'zod';
import type { Edit } from './edit';
import { speakerSchema, transcriptSegmentSchema } from './types';

const row = z.object({ index: z.number(), id: z.string(), startMs: z.number(), endMs: z.number() });
const rows = z.array(row);
const speakerId = z.string().nullable();
const speakers = z.array(speakerSchema);
const newId = z.string();
const atMs = z.number();

/** An edit that was kept outside the database. */
export const editSchema: z.ZodType<Edit> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('text'),
    changes: z.array(z.object({ row, seen: z.string(), text: z.string() })),
  }),
  z.object({
    kind: z.literal('split'),
    row,
    seen: z.string(),
    offset: z.number(),
    atMs,
    newId,
  }),
  z.object({ kind: z.literal('merge'), row }),
  z.object({ kind: z.literal('delete'), rows }),
  z.object({ kind: z.literal('border'), row, atMs }),
  z.object({ kind: z.literal('speaker'), rows, speakerId, speakers: speakers.exactOptional() }),
  z.object({ kind: z.literal('speakers'), speakers }),
  z.object({
    kind: z.literal('confirm'),
    rows: z.array(z.object({ row, startMs: z.array(z.number()) })),
  }),
  z.object({
    kind: z.literal('label'),
    speakers,
    rows: z.array(
      z.object({ row, runs: z.array(z.object({ words: z.number(), speakerId, newId })) }),
    ),
  }),
  z.object({ kind: z.literal('restore'), segments: z.array(transcriptSegmentSchema), newId }),
  z.object({
    kind: z.literal('paste'),
    rows,
    paragraphs: z.array(
      z.object({ text: z.string(), newId, speakerId: speakerId.exactOptional() }),
    ),
    speakers: speakers.exactOptional(),
  }),
]);
