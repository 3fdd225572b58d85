import type { ErrorCode } from '@/lib/core';
import { errorText } from './error-text';
import { t } from './messages';

/** What is wrong with the recording itself, wherever it is transcribed. */
const OF_THE_RECORDING = new Set<ErrorCode>([
  'SOURCE_EMPTY',
  'DECODE_UNSUPPORTED',
  'DECODE_NO_AUDIO',
  'DECODE_EMPTY',
  'DECODE_INCOMPLETE',
  'DECODE_FAILED',
  'SEGMENT_FAILED',
  'NO_SPEECH',
]);

/** Why a worker has not transcribed a recording, as a sentence for people. */
export function workerFailure(code: ErrorCode): string {
  if (OF_THE_RECORDING.has(code)) return errorText(code).happened;
  switch (code) {
    case 'ABORTED':
    case 'SOURCE_GONE':
    case 'MODEL_NOT_INSTALLED':
    case 'BACKEND_UNAVAILABLE':
    case 'OUT_OF_MEMORY':
    case 'WORKER_CRASHED':
      return t(`worker.${code}`);
    default:
      return t('worker.failed');
  }
}
