// Stands in for lib/asr/seq2seq/open in the comparison's build: the same decoder, listened to.
import { openDecoder as openReal } from '@/lib/asr/seq2seq/open';

/** What to do with decoders, and who listens; set before a model is opened. */
export const tap = {
  /** At most so many tokens for a window. */
  maxTokens: Number.POSITIVE_INFINITY,
  /**
   * For random weights, which write nothing sensible: an engine would try that again at other
   * temperatures or stop it as a loop. Each window is decoded once, in full, with the rules for
   * times that transformers.js has.
   */
  asPeer: false,
  /** Tokens that are then never chosen; `null`: those that our engine leaves out. */
  suppressed: null,
  /** @type {(name: string, ms: number) => void} */
  onTime: () => undefined,
  /** @type {(rows: import('@/lib/asr/seq2seq/decoder').TokenRow[]) => void} */
  onRows: () => undefined,
};

/** @type {typeof openReal} */
export async function openDecoder(...args) {
  const decoder = await openReal(...args);
  return Object.assign(Object.create(decoder), {
    begin: (encoded) => listen(decoder.begin(encoded)),
  });
}

function listen(batch) {
  let first = null;
  const timed = async (name, work) => {
    const startMs = performance.now();
    try {
      return await work();
    } finally {
      tap.onTime(name, performance.now() - startMs);
    }
  };
  return Object.assign(Object.create(batch), {
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
  });
}

function peerOptions({ shouldStop, ...options }) {
  const { suppressed, timestamps } = options.limits;
  return {
    ...options,
    limits: {
      suppressed: tap.suppressed ?? suppressed,
      timestamps: timestamps && { ...timestamps, maxInitial: null, monotonic: false },
    },
  };
}
