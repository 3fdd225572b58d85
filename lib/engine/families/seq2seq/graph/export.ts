import type { Tensor } from 'onnxruntime-web';
import { AppError } from '@/lib/core';
import { GRAPH, MODEL, messages } from '@/lib/engine/onnx';
import {
  type GraphValue,
  type InferenceRuntime,
  type Tensors,
  toFloats,
} from '@/lib/engine/runtime';
import { elementType, nameOf } from './merged-decoder';

/** One tensor of the cache: a key or value of one layer. */
export interface CacheEntry {
  /** Without what comes before the layer: `0.decoder.key`. */
  name: string;
  heads: number;
  size: number;
}

/** What a published decoder takes and gives, read from the names and shapes of its graph. */
export interface DecoderExport {
  /** Of the decoder's own tokens. */
  decoder: CacheEntry[];
  /** Of the encoder's frames. Empty: the graph recomputes them in every step. */
  encoder: CacheEntry[];
  cacheType: Tensor.Type;
  /** Of the encoder's output. */
  encodedType: Tensor.Type;
  vocabulary: number;
  /** The graph has an input that says whether there is a cache. */
  hasFlag: boolean;
  /** Values of the attention mask for each frame; `null`: the graph takes no mask. */
  maskPerFrame: number | null;
  /** The encoder's output is an input. */
  hasEncoded: boolean;
  /** The graph has an input for the positions of its tokens (Optimum with transformers 4.43 to 4.45). */
  hasPositions: boolean;
  /** Layers with an output `cross_attentions.N`. */
  crossLayers: number[];
}

/** What a model's config.json knows, for graphs whose shapes leave it open. */
export interface ExportHints {
  heads?: number;
  headSize?: number;
  vocabulary?: number;
  /** Values of the mask for each of the encoder's frames, where the graph takes one; 1 when not given. */
  maskPerFrame?: number;
  /** All numbers of encoder frames that a row may have. */
  frames?: readonly number[];
  /** The most rows of the most frames that are run together; 1 when not given. */
  rows?: number;
}

const PAST = /^past_key_values\.(\d+\.(decoder|encoder)\.(?:key|value))$/;

/** Inputs that a graph has under another name are given under the published one. */
export function describeExport(
  inputs: readonly GraphValue[],
  outputs: readonly GraphValue[],
  hints: ExportHints,
): DecoderExport {
  const names = new Set(outputs.map(({ name }) => name));
  const entries = { decoder: [] as CacheEntry[], encoder: [] as CacheEntry[] };
  let cacheType: Tensor.Type = 'float32';
  for (const { name, type, shape } of inputs) {
    const [, entry, part] = PAST.exec(name) ?? [];
    if (!entry || !(part === 'decoder' || part === 'encoder')) {
      if (!KNOWN_INPUTS.has(name)) throw unsupported(`an input "${name}"`);
      continue;
    }
    const heads = fixed(shape[1]) ?? hints.heads;
    const size = fixed(shape[3]) ?? hints.headSize;
    if (!heads || !size) throw unsupported(`a cache of unknown size (${name})`);
    if (!names.has(`present.${entry}`)) throw unsupported(`no output "present.${entry}"`);
    cacheType = type;
    entries[part].push({ name: entry, heads, size });
  }
  const logits = outputs.find(({ name }) => name === 'logits');
  const vocabulary = fixed(logits?.shape[2]) ?? hints.vocabulary;
  if (!logits || !vocabulary) throw unsupported('no logits of a known vocabulary');
  if (entries.decoder.length === 0) throw unsupported('no cache for its own tokens');
  const named = (name: string) => inputs.some((input) => input.name === name);
  if (!named('input_ids')) throw unsupported('no tokens as input');
  if (entries.encoder.length === 0 && !named('encoder_hidden_states'))
    throw unsupported("no input for the encoder's output");
  return {
    ...entries,
    cacheType,
    encodedType: inputs.find(({ name }) => name === 'encoder_hidden_states')?.type ?? 'float32',
    vocabulary,
    hasFlag: named('use_cache_branch'),
    maskPerFrame: named('encoder_attention_mask') ? (hints.maskPerFrame ?? 1) : null,
    hasEncoded: named('encoder_hidden_states'),
    hasPositions: named('cache_position'),
    crossLayers: outputs.flatMap(({ name }) => {
      const layer = /^cross_attentions\.(\d+)$/.exec(name)?.[1];
      return layer ? [Number(layer)] : [];
    }),
  };
}

/** `TensorProto.DataType`s of what decoders take and give. */
const TYPES: Readonly<Record<number, Tensor.Type>> = {
  1: 'float32',
  7: 'int64',
  9: 'bool',
  10: 'float16',
};

/**
 * What a published decoder takes and gives, read from its bytes: nothing is opened.
 * @param hints the model's sizes: those in the graph are not used
 * @throws MODEL_UNSUPPORTED when it is of another kind; RangeError when the bytes are not an ONNX file
 */
export function readExport(model: Uint8Array, hints: ExportHints): DecoderExport {
  const graphs = messages(model, MODEL.graph);
  const values = (field: number) =>
    graphs
      .flatMap((graph) => messages(graph, field))
      .map((value): GraphValue => {
        const name = nameOf(value);
        const type = TYPES[elementType(value)];
        if (!type) throw unsupported(`"${name}" of an unknown type`);
        return { name, type, shape: [] };
      });
  return describeExport(values(GRAPH.input), values(GRAPH.output), hints);
}

const KNOWN_INPUTS = new Set([
  'input_ids',
  'encoder_hidden_states',
  'encoder_attention_mask',
  'use_cache_branch',
  'cache_position',
]);

function fixed(dimension: number | string | undefined): number | null {
  return typeof dimension === 'number' && dimension > 0 ? dimension : null;
}

function unsupported(what: string): AppError {
  return new AppError('MODEL_UNSUPPORTED', `The decoder's graph has ${what}.`);
}

/** Names of the outputs that hold the cache after a run. */
export function presentNames(entries: readonly CacheEntry[]): string[] {
  return entries.map(({ name }) => `present.${name}`);
}

/** What a run without cache is fed for it. */
export function emptyCache(
  { Tensor }: InferenceRuntime,
  { cacheType }: DecoderExport,
  entries: readonly CacheEntry[],
  rows: number,
): Tensors {
  const none = cacheType === 'float16' ? new Uint16Array(0) : new Float32Array(0);
  return Object.fromEntries(
    entries.map(({ name, heads, size }) => [
      `past_key_values.${name}`,
      new Tensor(cacheType, none, [rows, heads, 0, size]),
    ]),
  );
}

/** What a run gave for the cache, under the names of the inputs of the next. */
export function cacheFrom(results: Tensors, entries: readonly CacheEntry[]): Tensors {
  const cache: Tensors = {};
  for (const { name } of entries) {
    const tensor = results[`present.${name}`];
    if (tensor) cache[`past_key_values.${name}`] = tensor;
  }
  return cache;
}

/** Frees tensors, on the GPU too. */
export function disposeAll(tensors: Tensors | null): void {
  for (const tensor of Object.values(tensors ?? {})) tensor.dispose();
}

/** The inputs for the encoder's output and for whether there is a cache. */
export function encodedFeeds(
  { Tensor }: InferenceRuntime,
  shape: DecoderExport,
  encoded: Tensor,
  cached: boolean,
): Tensors {
  const feeds: Tensors = {};
  const [rows = 0, frames = 0] = encoded.dims;
  if (shape.hasEncoded) feeds.encoder_hidden_states = encoded;
  if (shape.maskPerFrame !== null) {
    const dims = [rows, frames * shape.maskPerFrame];
    const all = new BigInt64Array(rows * frames * shape.maskPerFrame).fill(1n);
    feeds.encoder_attention_mask = new Tensor('int64', all, dims);
  }
  if (shape.hasFlag)
    feeds.use_cache_branch = new Tensor('bool', Uint8Array.of(cached ? 1 : 0), [1]);
  return feeds;
}

/** The input with the positions of the tokens given: `count` after the first `from`. */
export function positionFeeds(
  { Tensor }: InferenceRuntime,
  { hasPositions }: DecoderExport,
  from: number,
  count: number,
): Tensors {
  if (!hasPositions) return {};
  const positions = BigInt64Array.from({ length: count }, (_, at) => BigInt(from + at));
  return { cache_position: new Tensor('int64', positions, [count]) };
}

/** Tokens in a cache of the decoder's own tokens. */
export function lengthOf(past: Tensors): number {
  return Object.values(past)[0]?.dims[2] ?? 0;
}

/** Token ids, all rows of one length. [rows][tokens] */
export function tokenTensor(
  { Tensor }: InferenceRuntime,
  rows: readonly (readonly number[])[],
): Tensor {
  const ids = BigInt64Array.from(rows.flat().map(BigInt));
  return new Tensor('int64', ids, [rows.length, rows[0]?.length ?? 0]);
}

/** Rows of a tensor of floats on the CPU. [rows][…] */
export async function rowsOf(tensor: Tensor | undefined): Promise<Float32Array[]> {
  if (!tensor) return [];
  if (tensor.type !== 'float32' && tensor.type !== 'float16')
    throw new AppError('RECOGNISE_FAILED', `The decoder gave ${tensor.type}, not floats.`);
  const data = toFloats((await tensor.getData(true)) as ArrayLike<number>); // of one of these types
  const [rows = 1] = tensor.dims;
  const size = data.length / rows;
  return Array.from({ length: rows }, (_, row) => data.slice(row * size, (row + 1) * size));
}
