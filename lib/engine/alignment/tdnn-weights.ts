import type { WeightMatrix } from '@/lib/engine/kernels';
import { floatValues, type ReadGraph, type ReadNode } from '@/lib/engine/onnx';

/** A layer normalisation. */
export interface TdnnNorm {
  scale: Float32Array;
  bias: Float32Array;
}

/** x + out(relu(up(splice(down(norm(x)))))) */
export interface TdnnBlock {
  norm: TdnnNorm;
  down: WeightMatrix;
  up: WeightMatrix;
  out: WeightMatrix;
  /** Rows from one to the next that is put beside it. */
  dilation: number;
}

/** The weights of the network of `training/network.py` behind its front end. */
export interface TdnnWeights {
  embed: WeightMatrix;
  embedNorm: TdnnNorm;
  blocks: readonly TdnnBlock[];
  /** Blocks in front of the first guess at the phones, which is fed back into the others. */
  guessAfter: number;
  guessNorm: TdnnNorm;
  guess: WeightMatrix;
  guessBack: WeightMatrix;
  headNorm: TdnnNorm;
  head: WeightMatrix;
}

/** Products of a block, and those beside the blocks. */
const BLOCK_PRODUCTS = 3;
const OTHER_PRODUCTS = 4;

/**
 * Finds the weights in the graph that `training/export.py` writes for `wasm`, by the names that its layers have.
 * @returns `null` for any other graph
 */
export function readTdnn(graph: ReadGraph): TdnnWeights | null {
  const count = graph.nodes.filter(({ op }) => op === 'MatMulInteger').length;
  const blockCount = (count - OTHER_PRODUCTS) / BLOCK_PRODUCTS;
  if (!Number.isInteger(blockCount) || blockCount < 1) return null;
  const norm = (layer: string) => readNorm(graph, layer);
  const matrix = (layer: string) => readMatrix(graph, layer);
  const blocks = Array.from({ length: blockCount }, (_, at): TdnnBlock | null => {
    const layer = `blocks.${at}`;
    const parts = {
      norm: norm(`${layer}.norm`),
      down: matrix(`${layer}.down`),
      up: matrix(`${layer}.up`),
      out: matrix(`${layer}.out`),
      dilation: readDilation(graph, layer),
    };
    return isWhole(parts) ? parts : null;
  });
  const known = blocks.filter((block) => block !== null);
  const parts = {
    embed: matrix('embed'),
    embedNorm: norm('embed_norm'),
    guessNorm: norm('guess_norm'),
    guess: matrix('guess'),
    guessBack: matrix('guess_back'),
    headNorm: norm('head_norm'),
    head: matrix('head'),
  };
  const guessAfter = normsBefore(graph.nodes, 'guess_norm');
  if (known.length < blockCount || !isWhole(parts) || guessAfter === null) return null;
  return { ...parts, blocks: known, guessAfter };
}

type Whole<T> = { [key in keyof T]: NonNullable<T[key]> };

function isWhole<T extends object>(parts: T): parts is T & Whole<T> {
  return Object.values(parts).every((part) => part !== null);
}

function readFloats({ constants }: ReadGraph, name: string): Float32Array | null {
  const tensor = constants.get(name);
  return tensor ? floatValues(tensor) : null;
}

function readNorm(graph: ReadGraph, layer: string): TdnnNorm | null {
  const [scale, bias] = [`${layer}.weight`, `${layer}.bias`].map((name) => readFloats(graph, name));
  return scale && bias ? { scale, bias } : null;
}

/** The prefix that the exporter gives to the names of a layer's values. */
const pathOf = (layer: string) => `/${layer.replace(/^(blocks\.\d+)\./, '$1/')}`;

function readMatrix(graph: ReadGraph, layer: string): WeightMatrix | null {
  const product = `${pathOf(layer)}/MatMul_output_0`;
  const weights = graph.constants.get(`${product}_w`);
  const scales = readFloats(graph, `${product}_column`);
  const bias = readFloats(graph, `${layer}.bias`);
  const [depth = 0, columns = 0] = weights?.dims ?? [];
  if (weights?.type !== 'int8' || !scales || !bias) return null;
  if (scales.length !== columns || bias.length !== columns) return null;
  const { bytes } = weights;
  return {
    ...{ depth, columns, columnStep: 1, bias },
    data: new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length),
    rowOffsets: Uint32Array.from({ length: depth }, (_, row) => row * columns),
    steps: { scales, zeros: new Int16Array(columns) },
  };
}

/** By how much a block's values are padded, in front and behind. */
function readDilation({ nodes, constants }: ReadGraph, layer: string): number | null {
  const pads = nodes.find(({ outputs: [name] }) => name === `${pathOf(layer)}/Concat_output_0`);
  const bytes = constants.get(pads?.inputs[0] ?? '')?.bytes;
  // 64-bit integers: none for the width, then one for each end of time
  if (bytes?.length !== 32) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [front, behind] = [view.getUint32(16, true), view.getUint32(24, true)];
  return front > 0 && front === behind ? front : null;
}

/** How many blocks' normalisations come before that of a layer. */
function normsBefore(nodes: readonly ReadNode[], layer: string): number | null {
  const norms = nodes.filter(({ op }) => op === 'LayerNormalization');
  const at = norms.findIndex(({ inputs }) => inputs[1] === `${layer}.weight`);
  const before = norms.slice(0, at).filter(({ inputs }) => inputs[1]?.startsWith('blocks.'));
  return at < 0 ? null : before.length;
}
