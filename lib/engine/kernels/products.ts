import { floatValues, type ReadGraph, type ReadNode, type ReadTensor } from '@/lib/engine/onnx';
import type { WeightMatrix } from './panels';

/** A product with weights: what goes in, before it is made integers, and what comes out with bias. */
export interface Product {
  input: string;
  output: string;
  matrix: WeightMatrix;
  isConv: boolean;
}

const MULTIPLYING = new Set(['MatMul', 'MatMulInteger', 'Conv', 'ConvInteger']);

/** The products of a published graph with weights that the kernels can take, and how values hang together. */
export class GraphProducts {
  /** The node that makes a value, and those that read it. */
  readonly makers = new Map<string, ReadNode>();
  readonly readers = new Map<string, ReadNode[]>();
  readonly all: readonly Product[];
  /** By the value that comes out. */
  readonly byOutput: ReadonlyMap<string, Product>;

  /** @param isWanted which nodes may be products: the weights of others are not read */
  constructor(
    private readonly graph: ReadGraph,
    isWanted: (node: ReadNode) => boolean = () => true,
  ) {
    for (const node of graph.nodes) {
      for (const name of node.outputs) this.makers.set(name, node);
      for (const name of new Set(node.inputs))
        this.readers.set(name, [...(this.readers.get(name) ?? []), node]);
    }
    this.all = graph.nodes.filter(isWanted).flatMap((node) => this.readProduct(node) ?? []);
    this.byOutput = new Map(this.all.map((product) => [product.output, product]));
  }

  /** The node that reads a value, if there is but one. */
  onlyReader(name: string | undefined): ReadNode | null {
    const readers = this.readers.get(name ?? '') ?? [];
    return readers.length === 1 ? (readers[0] ?? null) : null;
  }

  /** The one input that is constant, and the other. */
  splitConstant({ inputs: [a = '', b = ''] }: ReadNode): {
    constant: ReadTensor | null;
    value: string | null;
  } {
    const [left, right] = [this.constant(a), this.constant(b)];
    if ((left === null) === (right === null)) return { constant: null, value: null };
    return left ? { constant: left, value: b } : { constant: right, value: a };
  }

  /** A constant, also after nodes that hand it on or only change its shape. */
  constant(name: string): ReadTensor | null {
    const found = this.graph.constants.get(name);
    if (found) return found;
    const maker = this.makers.get(name);
    const handsOn = maker?.op === 'Identity' || maker?.op === 'Reshape';
    return handsOn ? (this.graph.constants.get(maker.inputs[0] ?? '') ?? null) : null;
  }

  private readProduct(node: ReadNode): Product | null {
    if (!MULTIPLYING.has(node.op)) return null;
    const weights = this.constant(node.inputs[1] ?? '');
    if (!weights) return null;
    const isConv = node.op.startsWith('Conv');
    const isInteger = node.op.endsWith('Integer');
    let [input = ''] = node.inputs;
    let [output = ''] = node.outputs;
    let steps: { scale: ReadTensor; zero: ReadTensor | null } | null = null;
    if (isInteger) {
      const quantiser = this.makers.get(input);
      const cast = this.onlyReader(output);
      const scaling = this.onlyReader(cast?.outputs[0]);
      if (quantiser?.op !== 'DynamicQuantizeLinear') return null;
      if (cast?.op !== 'Cast' || scaling?.op !== 'Mul') return null;
      const factor = scaling.inputs.find((name) => name !== cast.outputs[0]) ?? '';
      const product = this.makers.get(factor);
      const { constant: scale } = product ? this.splitConstant(product) : { constant: null };
      if (product?.op !== 'Mul' || !product.inputs.includes(quantiser.outputs[1] ?? ''))
        return null;
      if (!scale) return null;
      steps = { scale, zero: this.constant(node.inputs[3] ?? '') };
      [input = ''] = quantiser.inputs;
      [output = ''] = scaling.outputs;
    }
    let bias = isConv && !isInteger ? this.constant(node.inputs[2] ?? '') : null;
    const added = this.onlyReader(output);
    const sum = added?.op === 'Add' ? this.splitConstant(added) : null;
    const matrix = weightMatrix(node.op, weights);
    if (!matrix) return null;
    if (!bias && sum?.constant && elements(sum.constant) === matrix.columns) {
      bias = sum.constant;
      [output = ''] = added?.outputs ?? [];
    }
    const filled = withBias(matrix, bias, steps);
    return filled && { input, output, matrix: filled, isConv };
  }
}

function elements({ dims }: ReadTensor): number {
  return dims.reduce((product, size) => product * size, 1);
}

/** The weights of a product, before bias and steps: [depth, columns], or [columns, channels, 3]. */
function weightMatrix(op: string, { dims, type, bytes }: ReadTensor): Bare | null {
  const data = typedData(type, bytes);
  if (!data || (type === 'float32') === op.endsWith('Integer')) return null;
  const [first = 0, second = 0, taps] = dims;
  if (data.length !== dims.reduce((product, size) => product * size, 1)) return null;
  if (op.startsWith('MatMul')) {
    if (dims.length !== 2) return null;
    const rowOffsets = Uint32Array.from({ length: first }, (_, row) => row * second);
    return { depth: first, columns: second, data, rowOffsets, columnStep: 1 };
  }
  if (dims.length !== 3 || taps !== 3) return null;
  // a row for each tap and channel, as frames lie behind each other
  const rowOffsets = Uint32Array.from(
    { length: 3 * second },
    (_, row) => (row % second) * 3 + Math.floor(row / second),
  );
  return { depth: 3 * second, columns: first, data, rowOffsets, columnStep: 3 * second };
}

type Bare = Omit<WeightMatrix, 'bias' | 'steps'>;

function typedData(type: ReadTensor['type'], bytes: Uint8Array): WeightMatrix['data'] | null {
  if (type === 'uint8') return bytes;
  if (type === 'int8') return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  if (type !== 'float32') return null;
  // in place where the file has it at a multiple of four
  return bytes.byteOffset % 4 === 0
    ? new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
    : new Float32Array(bytes.slice().buffer);
}

function withBias(
  matrix: Bare,
  bias: ReadTensor | null,
  steps: { scale: ReadTensor; zero: ReadTensor | null } | null,
): WeightMatrix | null {
  const { columns } = matrix;
  const values = bias ? floatValues(bias) : new Float32Array(columns);
  if (!values || values.length !== columns) return null;
  if (!steps) return { ...matrix, bias: values, steps: null };
  const scales = floatValues(steps.scale);
  const zeros = steps.zero ? typedData(steps.zero.type, steps.zero.bytes) : new Uint8Array(1);
  const fits = (length: number | undefined) => length === 1 || length === columns;
  if (!scales || !zeros || !fits(scales.length) || !fits(zeros.length)) return null;
  const spread = (from: ArrayLike<number>, at: number) => from[from.length === 1 ? 0 : at] ?? 0;
  return {
    ...matrix,
    bias: values,
    steps: {
      scales: Float32Array.from({ length: columns }, (_, at) => spread(scales, at)),
      zeros: Int16Array.from({ length: columns }, (_, at) => spread(zeros, at)),
    },
  };
}
