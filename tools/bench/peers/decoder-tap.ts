// Stands in for lib/engine/families/seq2seq/open in the comparison's build: the same decoder, listened to.
import type {
  DecoderBatch,
  GenerateOptions,
  TokenRow,
} from '@/lib/engine/families/seq2seq/decoder';
import { type OpenedDecoder, openDecoder as openReal } from '@/lib/engine/families/seq2seq/open';
import type { ModelSetting } from './protocol';

/** What to do with decoders, and who listens. */
interface Tap extends Pick<ModelSetting, 'maxTokens' | 'asPeer' | 'suppressed'> {
  onTime(name: string, ms: number): void;
  onRows(rows: readonly TokenRow[]): void;
}

/** Set before a model is opened. */
export const tap: Tap = {
  maxTokens: Number.POSITIVE_INFINITY,
  asPeer: false,
  suppressed: null,
  onTime: () => undefined,
  onRows: () => undefined,
};

/** As in lib/engine/families/seq2seq/open. */
export async function openDecoder(...args: Parameters<typeof openReal>): Promise<OpenedDecoder> {
  const decoder = await openReal(...args);
  return {
    vocabularySize: decoder.vocabularySize,
    takesLengths: decoder.takesLengths,
    run: decoder.run,
    begin: (...given) => listen(decoder.begin(...given)),
    release: () => decoder.release(),
  };
}

function listen(batch: DecoderBatch): DecoderBatch {
  let first: TokenRow[] | null = null;
  const timed = async <T>(name: string, work: () => Promise<T>) => {
    const startMs = performance.now();
    try {
      return await work();
    } finally {
      tap.onTime(name, performance.now() - startMs);
    }
  };
  return {
    rows: batch.rows,
    firstLogits: (id) => timed('first logits', () => batch.firstLogits(id)),
    crossAttention: (...args) => timed('attention', () => batch.crossAttention(...args)),
    dispose: () => batch.dispose(),
    async generate(options) {
      if (tap.asPeer && first) return first;
      const maxTokens = Math.min(options.maxTokens, tap.maxTokens);
      const given = tap.asPeer ? peerOptions(options) : options;
      first = await timed('generate', () => batch.generate({ ...given, maxTokens }));
      tap.onRows(first);
      return first;
    },
  };
}

function peerOptions({ shouldStop: _, ...options }: GenerateOptions): GenerateOptions {
  const { suppressed, timestamps } = options.limits;
  return {
    ...options,
    // the peer writes one text, too
    beamWidth: 1,
    limits: {
      suppressed: tap.suppressed ?? suppressed,
      timestamps: timestamps && { ...timestamps, maxInitial: null, monotonic: false },
    },
  };
}
