import type { OnnxValue } from '../../lib/engine/onnx/format';
import type { GraphBuilder } from './graph';

/** Sizes of a decoder with past. */
export interface MergedSize {
  /** Of the encoder's output. */
  width: number;
  layers: number;
  heads: number;
  headSize: number;
  vocabulary: number;
  /** Name or number of encoder frames, as the export calls them. */
  frames: number | string;
}

/** Keys and values, each [batch, heads, time, head size]. */
export type KeyValue = [key: string, value: string];

/** What one layer is given of earlier runs; `null` in the branch without past. */
export interface LayerPast {
  decoder: KeyValue;
  encoder: KeyValue;
}

/** What one branch computes. */
export interface MergedResult {
  logits: string;
  /** Of each layer: keys and values of all tokens so far. */
  decoder: KeyValue[];
  /** Of each layer: keys and values of the encoder's frames; only looked at without past. */
  encoder: KeyValue[];
  /** Of each layer: [batch, heads, tokens, frames]. */
  crossAttentions: string[];
}

/** @param past of each layer, or `null` */
export type MergedBody = (ids: string, encoded: string, past: LayerPast[] | null) => MergedResult;

/**
 * A decoder with the inputs and outputs of Optimum's `decoder_model_merged.onnx`: one `If` over a
 * branch without past and one with, which share their weights. With past the encoder's keys and
 * values are not computed again, and `present.N.encoder` is empty: 0 rows.
 */
export function mergedDecoder(
  graph: GraphBuilder,
  size: MergedSize,
  options: { crossAttentions: boolean },
  body: MergedBody,
): void {
  const { width, layers, heads, headSize, vocabulary, frames } = size;
  const cache = (time: string): OnnxValue['dims'] => ['batch_size', heads, time, headSize];
  const ids = graph.input('input_ids', ['batch_size', 'decoder_sequence_length'], 'int64');
  const encoded = graph.input('encoder_hidden_states', ['batch_size', frames, width]);
  const input = (name: string, time: string): KeyValue => [
    graph.input(`${name}.key`, cache(time)),
    graph.input(`${name}.value`, cache(time)),
  ];
  const past = Array.from(
    { length: layers },
    (_, layer): LayerPast => ({
      decoder: input(`past_key_values.${layer}.decoder`, 'past_decoder_sequence_length'),
      encoder: input(`past_key_values.${layer}.encoder`, 'encoder_sequence_length_out'),
    }),
  );
  const useCache = graph.input('use_cache_branch', [1], 'bool');

  const values: OnnxValue[] = [
    { name: 'logits', dims: ['batch_size', 'decoder_sequence_length', vocabulary] },
  ];
  for (let layer = 0; layer < layers; layer++)
    for (const part of ['decoder', 'encoder'])
      for (const kind of ['key', 'value']) {
        const time =
          part === 'decoder'
            ? 'past_decoder_sequence_length + decoder_sequence_length'
            : 'encoder_sequence_length_out';
        values.push({ name: `present.${layer}.${part}.${kind}`, dims: cache(time) });
      }
  if (options.crossAttentions)
    for (let layer = 0; layer < layers; layer++) {
      const dims = ['batch_size', heads, 'decoder_sequence_length', frames];
      values.push({ name: `cross_attentions.${layer}`, dims });
    }

  const branch = (given: LayerPast[] | null) => () => {
    const result = body(ids, encoded, given);
    const none = (): KeyValue => {
      const empty = graph.constant('no_rows', () => ({
        dims: [0, heads, 1, headSize],
        data: new Float32Array(0),
      }));
      return [empty, empty];
    };
    const keyValues = result.decoder.flatMap((own, layer) => [
      ...own,
      ...((given ? null : result.encoder[layer]) ?? none()),
    ]);
    const attentions = options.crossAttentions ? result.crossAttentions : [];
    return [result.logits, ...keyValues, ...attentions];
  };
  const results = graph.branches(useCache, values, branch(past), branch(null));
  values.forEach(({ name, dims }, index) => {
    graph.output(name, dims, results[index] ?? '');
  });
}
