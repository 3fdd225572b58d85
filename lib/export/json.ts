import { AppError } from '@/lib/core';
import { type Transcript, transcriptSchema } from '@/lib/transcript';
import type { ExportOptions } from './options';
import { prepare } from './prepare';

/**
 * The transcript as JSON, in the published form.
 * @throws AppError STORE_CORRUPT when the transcript does not have that form
 */
export function writeJson(transcript: Transcript, options: ExportOptions): string {
  const checked = transcriptSchema.safeParse(prepare(transcript, options));
  if (!checked.success)
    throw new AppError('STORE_CORRUPT', `Transcript ${transcript.id} is not whole.`, {
      cause: checked.error,
    });
  return `${JSON.stringify(checked.data, null, 2)}\n`;
}
