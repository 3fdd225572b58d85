import type { InferenceSession, Tensors } from '../../lib/engine/runtime/runtime';
import { nodeRuntime } from '../../lib/engine/runtime/test-runtime';

const { Tensor } = nodeRuntime;

/** The names and shapes of a graph's inputs or outputs, one line each. */
export function described(values: InferenceSession['inputs']): string[] {
  return values.map(({ name, type, shape }) => `${name} ${type} [${shape.join(', ')}]`);
}

/** A merged decoder that is fed as its users feed it. */
export class MergedRunner {
  private readonly session: InferenceSession;

  constructor(session: InferenceSession) {
    this.session = session;
  }

  private get pastNames(): string[] {
    return this.session.inputs.map(({ name }) => name).filter((name) => name.startsWith('past_'));
  }

  /** One run: without `past` the branch that starts a text. @returns all outputs, by name */
  async run(rows: readonly (readonly number[])[], encoded: Tensors[string], past?: Tensors) {
    const ids = BigInt64Array.from(rows.flat(), BigInt);
    const feeds: Tensors = {
      input_ids: new Tensor('int64', ids, [rows.length, rows[0]?.length ?? 0]),
      encoder_hidden_states: encoded,
      use_cache_branch: new Tensor('bool', Uint8Array.of(past ? 1 : 0), [1]),
    };
    for (const { name, shape } of this.session.inputs) {
      if (!name.startsWith('past_')) continue;
      // what transformers.js gives where there is no past: free dimensions are 0
      const empty = shape.map((dim) =>
        typeof dim === 'number' ? dim : dim === 'batch_size' ? rows.length : 0,
      );
      feeds[name] = past?.[name] ?? new Tensor('float32', new Float32Array(0), empty);
    }
    return this.session.run(
      feeds,
      this.session.outputs.map(({ name }) => name),
    );
  }

  /** Keys and values for the next run: the encoder's are those of the first run. */
  next(outputs: Tensors, before?: Tensors): Tensors {
    return Object.fromEntries(
      this.pastNames.flatMap((name) => {
        const kept = name.includes('.encoder.') ? before?.[name] : undefined;
        const value = kept ?? outputs[name.replace('past_key_values', 'present')];
        return value ? [[name, value]] : [];
      }),
    );
  }

  /** Largest difference of logits between one run over all tokens and runs with past. */
  async cacheError(rows: readonly (readonly number[])[], encoded: Tensors[string], first: number) {
    const whole = await this.run(rows, encoded);
    const length = rows[0]?.length ?? 0;
    let outputs = await this.run(
      rows.map((row) => row.slice(0, first)),
      encoded,
    );
    let past = this.next(outputs);
    let error = 0;
    for (let at = first; at < length; at++) {
      const step = rows.map((row) => row.slice(at, at + 1));
      outputs = await this.run(step, encoded, past);
      past = this.next(outputs, past);
      rows.forEach((_, row) => {
        const wanted = logitsOf(whole, row, at);
        const got = logitsOf(outputs, row, 0);
        wanted.forEach((value, index) => {
          error = Math.max(error, Math.abs(value - (got[index] ?? Number.NaN)));
        });
      });
    }
    return error;
  }
}

/** Logits after one token. */
export function logitsOf({ logits }: Tensors, row: number, token: number): Float32Array {
  if (!logits) throw new Error('The decoder gave no logits.');
  const [, tokens = 0, vocabulary = 0] = logits.dims;
  const from = (row * tokens + token) * vocabulary;
  // the network's outputs are 32-bit floats
  return (logits.data as Float32Array).subarray(from, from + vocabulary);
}
