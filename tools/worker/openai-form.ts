import { deflateSync } from 'node:zlib';
import { z } from 'zod';
import type { Transcript, TranscriptSegment } from '@/lib/transcript';

/** The forms in which OpenAI's route answers. */
export const RESPONSE_FORMATS = ['json', 'text', 'srt', 'verbose_json', 'vtt'] as const;

/** The fields of a request, as OpenAI documents them; what has no meaning here is let pass. */
export const transcriptionSchema = z.object({
  model: z.string().min(1),
  language: z.string().max(35).optional(),
  response_format: z.enum(RESPONSE_FORMATS).default('json'),
  stream: z.stringbool().default(false),
  timestamp_granularities: z.array(z.enum(['word', 'segment'])),
});
export type TranscriptionRequest = z.infer<typeof transcriptionSchema>;

/** A failure in OpenAI's form. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly type: 'invalid_request_error' | 'rate_limit_error' | 'server_error',
    readonly param: string | null = null,
    readonly code: string | null = null,
  ) {
    super(message);
  }

  get body(): object {
    const { message, type, param, code } = this;
    return { error: { message, type, param, code } };
  }
}

export const textOf = (segments: readonly TranscriptSegment[]) =>
  segments.map(({ text }) => text).join(' ');

const seconds = (ms: number) => ms / 1000;

/** `verbose_json`: segments and, where they are asked for, words with their times. */
export function verboseJson(
  { segments, language, durationMs }: Transcript,
  wanted: TranscriptionRequest['timestamp_granularities'],
): object {
  const text = textOf(segments);
  const hasWords = wanted.includes('word');
  const hasSegments = wanted.includes('segment') || !hasWords;
  return {
    task: 'transcribe',
    // OpenAI writes languages out
    language: languageName(language).toLowerCase(),
    duration: seconds(durationMs),
    text,
    ...(hasSegments && { segments: segments.map(verboseSegment) }),
    ...(hasWords && {
      words: segments.flatMap((segment) =>
        segment.words.map(({ text: word, startMs, endMs }) => ({
          word,
          start: seconds(startMs),
          end: seconds(endMs),
        })),
      ),
    }),
  };
}

function languageName(tag: string): string {
  if (tag === 'und') return 'unknown';
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' }).of(tag) ?? tag;
  } catch (error) {
    // no tag at all: models of several languages take what the client gave
    if (error instanceof RangeError) return tag;
    throw error;
  }
}

/** Lower bound of confidences, so that their logarithms stay finite. */
const LEAST = 1e-4;

function verboseSegment({ text, startMs, endMs, words }: TranscriptSegment, id: number): object {
  const logs = words.map(({ confidence }) => Math.log(Math.max(confidence, LEAST)));
  return {
    id,
    seek: 0,
    start: seconds(startMs),
    end: seconds(endMs),
    text,
    // not every model has tokens
    tokens: [],
    temperature: 0,
    // of words, where Whisper has the mean of its tokens
    avg_logprob: logs.reduce((sum, log) => sum + log, 0) / Math.max(1, logs.length),
    compression_ratio: Buffer.byteLength(text) / deflateSync(text).length,
    // speech was found before it was recognised
    no_speech_prob: 0,
  };
}
