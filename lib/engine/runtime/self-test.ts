import type { CatalogueModel } from '@/lib/catalogue';
import { abortError, type ErrorCode, joinWords, toAppError } from '@/lib/core';
import type {
  Backend,
  IntegerProducts,
  LoadParams,
  PartRun,
  RecogniserInfo,
  RecogniserMethods,
  SelfTestResult,
} from '@/lib/engine';
import type { Client } from '@/lib/engine/rpc';
import { wordErrorRate } from './word-error-rate';

/** What a model must recognise in the self-test clip to be usable. */
export interface ExpectedText {
  text: string;
  /** It may be this far from `text` (word error rate). */
  maxWordErrorRate: number;
}

export interface SelfTestOptions {
  /** `null`: what the clip should give is not known, any text will do. */
  expected: ExpectedText | null;
  signal?: AbortSignal | undefined;
  /** How long loading and both runs may take together. */
  timeoutMs: number;
}

/** How a backend did, and what is now loaded in its worker when it did well. */
export interface TestedBackend {
  result: SelfTestResult;
  info: RecogniserInfo | null;
  /** See `LoadResult`. */
  products?: IntegerProducts | undefined;
}

/**
 * Loads a model on one backend and runs its self-test clip twice: the first run compiles, the second
 * is timed. Where that fails or gives a wrong text, the same is tried with the graphs as they were
 * published: what makes them faster must not make a model unusable. Afterwards the model stays
 * loaded, unless the self-test ran out of time: then its call was cancelled, which ends a worker that does
 * not obey.
 * @param clip PCM of the self-test clip; it is not modified
 * @throws ABORTED by the caller's signal; OFFLINE, MODEL_DOWNLOAD_FAILED and MODEL_HASH_MISMATCH,
 * which say nothing about the backend
 */
export async function testBackend(
  client: Client<RecogniserMethods>,
  backend: Backend,
  params: LoadParams,
  clip: Float32Array,
  options: SelfTestOptions,
): Promise<TestedBackend> {
  const { timedOut, ...quick } = await testOnce(client, backend, params, clip, options);
  const { outcome, detail, runs } = quick.result;
  const mayBeOurs =
    !timedOut &&
    (outcome === 'failed' || outcome === 'wrong-text') &&
    QUICKER_WAYS.has(params.model.family) &&
    !runs?.every(({ by }) => by === 'graph');
  if (!mayBeOurs) return quick;
  const published = { ...params, asPublished: true };
  const { result, info, products } = await testOnce(client, backend, published, clip, options);
  if (result.outcome !== 'right') return quick;
  const wrong = detail === '' ? 'no text' : `wrong text: ${detail}`;
  const asPublished = outcome === 'failed' ? detail : wrong;
  return { result: { ...result, asPublished }, info, products };
}

/** Families whose graphs may be run in another way than they were published. */
const QUICKER_WAYS: ReadonlySet<CatalogueModel['family']> = new Set(['whisper', 'moonshine']);

async function testOnce(
  client: Client<RecogniserMethods>,
  backend: Backend,
  params: LoadParams,
  clip: Float32Array,
  { expected, signal, timeoutMs }: SelfTestOptions,
): Promise<TestedBackend & { timedOut: boolean }> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
  let loadMs: number | null = null;
  let runs: PartRun[] = [];
  const run = () => {
    const batch = [clip.slice()];
    const transfer = batch.map(({ buffer }) => buffer);
    // the clip is English; a model of other languages only has to say something
    return client.call('recognise', { batch, language: 'en' }, { signal: either, transfer });
  };
  const failed = (outcome: 'unavailable' | 'failed', detail: string, code?: ErrorCode) => ({
    result: { backend, outcome, runMs: null, loadMs, detail, ...(code && { code }) },
    info: null,
    timedOut: timeout.aborted,
  });
  try {
    const loaded = await client.call('load', { ...params, reload: true }, { signal: either });
    loadMs = loaded.loadMs;
    runs = [...loaded.runs];
    await run();
    const { hypotheses, inferenceMs, searchMs } = await run();
    // as the worker timed it: a call may also wait behind those of a job that is running
    const runMs = inferenceMs + searchMs;
    const text = joinWords((hypotheses[0]?.words ?? []).map((word) => word.text));
    const isRight = expected
      ? wordErrorRate(expected.text, text) <= expected.maxWordErrorRate
      : text !== '';
    const outcome = isRight ? 'right' : 'wrong-text';
    return {
      result: {
        ...{ backend, outcome, runMs, loadMs, detail: text },
        ...(runs.length > 0 && { runs }),
        ...(expected === null && { anyText: true }),
      },
      info: isRight ? loaded.info : null,
      products: loaded.products,
      timedOut: false,
    };
  } catch (thrown) {
    if (signal?.aborted) throw abortError(signal);
    if (timeout.aborted) return failed('failed', `not done after ${timeoutMs / 1000} s`);
    const error = toAppError(thrown);
    switch (error.code) {
      case 'OFFLINE':
      case 'MODEL_DOWNLOAD_FAILED':
      case 'MODEL_HASH_MISMATCH':
        throw error;
      case 'BACKEND_UNAVAILABLE':
        return failed('unavailable', error.message);
      default:
        return failed('failed', `${error.code}: ${error.message}`, error.code);
    }
  }
}
