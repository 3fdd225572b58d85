import { GraphProducts, type Product, type WeightMatrix } from '@/lib/engine/kernels';
import {
  floatValues,
  type ReadGraph,
  type ReadNode,
  type ReadTensor,
  readBranch,
  readGraph,
} from '@/lib/engine/onnx';
import { splitMergedDecoder } from './graph/merged-decoder';

/** Weights of a layer normalisation, [width] each. */
export interface StepNorm {
  scale: Float32Array;
  bias: Float32Array;
}

/** Weights of one layer of a decoder that is given the encoder's keys and values. */
export interface StepLayer {
  norm: StepNorm;
  query: WeightMatrix;
  key: WeightMatrix;
  value: WeightMatrix;
  out: WeightMatrix;
  crossNorm: StepNorm;
  crossQuery: WeightMatrix;
  crossOut: WeightMatrix;
  wideNorm: StepNorm;
  wide: WeightMatrix;
  narrow: WeightMatrix;
}

/** Weights of what a decoder does in a step (Vaswani et al. 2017; Radford et al. 2022). */
export interface StepWeights {
  width: number;
  /** Writes a token's vector. */
  token(id: number, to: Float32Array): void;
  /** Tokens' vectors are the columns of the logits' matrix, with these scales; `null`: they are not. */
  tied: TableSteps | null;
  /** Positions there are, and the vector of one, to be added. */
  positions: number;
  position(at: number, to: Float32Array): void;
  layers: StepLayer[];
  norm: StepNorm;
  logits: WeightMatrix;
}

/**
 * Scales of a table's integers, to be multiplied by the integer less `zero`: one for each row, or one for
 * all.
 */
export interface TableSteps {
  scale: Float32Array;
  zero: number;
}

/** Operators that only pass values on, in another shape. */
const ARRANGING = new Set(['Reshape', 'Transpose', 'Identity']);
const PRODUCTS_OF_LAYER = 8;

/**
 * Finds the weights of a merged decoder's branch with past: products and normalisations in the order
 * in which they depend on each other, which leaves no choice of which is which.
 * @param layers as many as there are caches
 * @returns `null` for a graph of another build
 */
export function readStepWeights(
  model: Uint8Array,
  externalData: ReadonlyMap<string, Uint8Array>,
  layers: number,
): StepWeights | null {
  const merged = splitMergedDecoder(model);
  const graph = readGraph(model, externalData);
  const split = graph.nodes.find(({ op }) => op === 'If');
  if (!merged || !split) return null;
  const branch = readBranch(graph, split, 'then_branch', externalData);
  // the nodes before both branches belong to it: quantisers put the quantisation of inputs there
  const nodes = [...graph.nodes.filter((node) => node !== split), ...branch.nodes];
  const reader = new StepReader({ nodes, constants: branch.constants });
  const kept = (layer: number, part: string) =>
    merged.withPast.outputs[merged.results.indexOf(`present.${layer}.decoder.${part}`)] ?? '';
  return reader.read(
    Array.from({ length: layers }, (_, at) => [kept(at, 'key'), kept(at, 'value')]),
  );
}

class StepReader {
  private readonly values: GraphProducts;

  constructor(private readonly graph: ReadGraph) {
    this.values = new GraphProducts(graph);
  }

  /** @param kept keys and values that each layer hands on */
  read(kept: readonly (readonly string[])[]): StepWeights | null {
    const products = [...this.values.all];
    if (products.length !== PRODUCTS_OF_LAYER * kept.length + 1) return null;
    const layers: StepLayer[] = [];
    for (const [keys = '', values = ''] of kept) {
      const layer = this.readLayer(products.splice(0, PRODUCTS_OF_LAYER), keys, values);
      if (!layer) return null;
      layers.push(layer);
    }
    const [logits] = products;
    const norm = logits && this.normBefore(logits);
    if (!logits || !norm) return null;
    const { depth: width, columns: words } = logits.matrix;
    const tables = this.graph.nodes.flatMap((node) => this.readTable(node, width) ?? []);
    const token = tables.find(({ rows }) => rows === words);
    const position = tables.find(({ rows }) => rows !== words);
    if (!token || !position || tables.length !== 2) return null;
    return {
      ...{ width, layers, norm },
      token: token.write,
      tied: isTied(token, logits.matrix) ? token.steps : null,
      positions: position.rows,
      position: position.write,
      logits: logits.matrix,
    };
  }

  private readLayer(products: readonly Product[], keys: string, values: string): StepLayer | null {
    const [key, value] = [this.newest(keys), this.newest(values)];
    const first = products.slice(0, 3);
    const query = first.find((product) => product !== key && product !== value);
    const [out, crossQuery, crossOut, wide, narrow] = products.slice(3);
    if (!key || !value || !query || !out || !crossQuery || !crossOut || !wide || !narrow)
      return null;
    if (!first.includes(key) || !first.includes(value) || key === value) return null;
    if (first.some(({ input }) => input !== query.input)) return null;
    const norm = this.normBefore(query);
    const crossNorm = this.normBefore(crossQuery);
    const wideNorm = this.normBefore(wide);
    if (!norm || !crossNorm || !wideNorm) return null;
    return {
      ...{ norm, crossNorm, wideNorm },
      query: query.matrix,
      key: key.matrix,
      value: value.matrix,
      out: out.matrix,
      crossQuery: crossQuery.matrix,
      crossOut: crossOut.matrix,
      wide: wide.matrix,
      narrow: narrow.matrix,
    };
  }

  /** The product that is put after what was in the cache. */
  private newest(name: string): Product | null {
    let maker = this.values.makers.get(name);
    while (maker?.op === 'Identity') maker = this.values.makers.get(maker.inputs[0] ?? '');
    let at = maker?.op === 'Concat' ? (maker.inputs[1] ?? '') : '';
    for (;;) {
      const product = this.values.byOutput.get(at);
      if (product) return product;
      const handing = this.values.makers.get(at);
      if (!handing || !ARRANGING.has(handing.op)) return null;
      at = handing.inputs[0] ?? '';
    }
  }

  private normBefore({ input }: Product): StepNorm | null {
    const maker = this.values.makers.get(input);
    if (maker?.op !== 'LayerNormalization') return null;
    const [, scale, bias] = maker.inputs.map((name) => this.values.constant(name));
    const norm = { scale: scale && floatValues(scale), bias: bias && floatValues(bias) };
    return norm.scale && norm.bias ? { scale: norm.scale, bias: norm.bias } : null;
  }

  /** A table of vectors that are looked up by number, floats or bytes. */
  private readTable(node: ReadNode, width: number): VectorTable | null {
    const table = node.op === 'Gather' ? this.values.constant(node.inputs[0] ?? '') : null;
    const [first = 0, second = 0, ...others] = table?.dims ?? [];
    if (!table || others.length > 0 || (first !== width && second !== width)) return null;
    // the table of tokens may be the matrix that logits are made with, looked up by column
    const byRow = second === width;
    const data = numbersOf(table);
    const steps = this.stepsBehind(node.outputs[0] ?? '');
    if (!data || !steps) return null;
    const rows = byRow ? first : second;
    const { scale, zero } = steps;
    return {
      ...{ rows, data, byRow, steps },
      write(index, to) {
        const one = scale[scale.length === 1 ? 0 : index] ?? 0;
        for (let at = 0; at < width; at++) {
          const from = byRow ? index * width + at : at * rows + index;
          to[at] = ((data[from] ?? 0) - zero) * one;
        }
      },
    };
  }

  /** The scale and zero point of integers that were looked up. */
  private stepsBehind(name: string): TableSteps | null {
    const reader = this.values.onlyReader(name);
    if (reader?.op === 'Transpose') return this.stepsBehind(reader.outputs[0] ?? '');
    if (reader?.op === 'Cast') return this.scalesOfRows(reader.outputs[0] ?? '');
    if (reader?.op !== 'DequantizeLinear') return { scale: Float32Array.of(1), zero: 0 };
    const [, scale, zero] = reader.inputs.map((input) => this.values.constant(input));
    const values = scale && floatValues(scale);
    if (values?.length !== 1) return null;
    return { scale: values, zero: (zero && numbersOf(zero)?.[0]) ?? 0 };
  }

  /** Integers around zero that are multiplied by a scale of their own row, which is looked up as well. */
  private scalesOfRows(name: string): TableSteps | null {
    const reader = this.values.onlyReader(name);
    if (reader?.op !== 'Mul') return { scale: Float32Array.of(1), zero: 0 };
    let maker = this.values.makers.get(reader.inputs.find((input) => input !== name) ?? '');
    while (maker?.op === 'Unsqueeze') maker = this.values.makers.get(maker.inputs[0] ?? '');
    const scales = maker?.op === 'Gather' ? this.values.constant(maker.inputs[0] ?? '') : null;
    const values = scales && floatValues(scales);
    return values ? { scale: values, zero: 0 } : null;
  }
}

interface VectorTable {
  rows: number;
  data: WeightMatrix['data'];
  /** A vector is a row of the table, not a column. */
  byRow: boolean;
  steps: TableSteps;
  write(index: number, to: Float32Array): void;
}

/** Whether both are the same bytes of the file, and integers. */
function isTied({ data, byRow }: VectorTable, matrix: WeightMatrix): boolean {
  const { buffer, byteOffset, length } = matrix.data;
  const isSame = data.buffer === buffer && data.byteOffset === byteOffset && data.length === length;
  return isSame && !byRow && matrix.steps !== null;
}

function numbersOf(tensor: ReadTensor): Float32Array | Int8Array | Uint8Array | null {
  if (tensor.type === 'uint8') return tensor.bytes;
  if (tensor.type === 'int8')
    return new Int8Array(tensor.bytes.buffer, tensor.bytes.byteOffset, tensor.bytes.length);
  return floatValues(tensor);
}
