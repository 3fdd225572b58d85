import {
  type OnnxNode,
  type OnnxSubgraph,
  type OnnxTensor,
  type OnnxType,
  type OnnxValue,
  writeModel,
} from '../../lib/engine/onnx/write';

/**
 * Numbers that are random to look at and the same in every engine: a 32-bit xorshift (Marsaglia
 * 2003), started from a seed and a name, so that a weight does not depend on what was made before.
 */
export function randomSource(seed: number, name: string): () => number {
  let state = hash(seed, name);
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Numbers around 0, evenly spread, with this standard deviation. */
export function randomFloats(seed: number, name: string, length: number, deviation: number) {
  const next = randomSource(seed, name);
  const width = 2 * Math.sqrt(3) * deviation;
  const data = new Float32Array(length);
  for (let index = 0; index < length; index++) data[index] = (next() - 0.5) * width;
  return data;
}

/** FNV-1a over the seed and the name; never 0, which xorshift would not leave. */
function hash(seed: number, name: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(`${seed}:${name}`))
    value = Math.imul(value ^ byte, 0x01000193);
  return value || 1;
}

/**
 * Numeric form of the weights: `q8` as ONNX Runtime's dynamic quantisation writes it, `q8-products` where
 * it was told to leave convolutions alone.
 */
export type Precision = 'fp32' | 'q8' | 'q8-products';

/** ONNX's own operators of this version: the first with `LayerNormalization`. */
const OPSET = 17;

/** Changes weights in place: gives some of them a meaning. */
export type Shape = (data: Float32Array) => void;

type Attributes = OnnxNode['attributes'];

interface BuilderOptions {
  seed: number;
  /** Precision of `linear` and `conv`; `fp32` when not given. */
  precision?: Precision;
  /** Quantised weights are signed where a graph has no convolution, which only takes unsigned ones. */
  weights?: 'int8' | 'uint8';
}

/**
 * Puts a graph together, one operator at a time, with weights from a seed. Weights are made once by
 * name, so both branches of an `If` share them; every other name is new in its branch. Nodes have names,
 * as exporters give them.
 */
export class GraphBuilder {
  readonly precision: Precision;
  private readonly seed: number;
  private readonly signed: boolean;
  private readonly constants = new Map<string, OnnxTensor>();
  private readonly inputs: OnnxValue[] = [];
  private readonly outputs: OnnxValue[] = [];
  /** Of the graph, or of the branch that is being written. */
  private nodes: OnnxNode[] = [];
  /** Values named so far, by operator. */
  private counts = new Map<string, number>();

  constructor({ seed, precision = 'fp32', weights = 'uint8' }: BuilderOptions) {
    this.seed = seed;
    this.precision = precision;
    this.signed = weights === 'int8';
  }

  input(name: string, dims: OnnxValue['dims'], type: OnnxType = 'float32'): string {
    this.inputs.push({ name, dims, type });
    return name;
  }

  /** Gives a value the name of an output of the graph. */
  output(name: string, dims: OnnxValue['dims'], from: string, type: OnnxType = 'float32'): void {
    this.outputs.push({ name, dims, type });
    if (from !== name) this.named(name, 'Identity', [from]);
  }

  /** Adds an operator with one output. @returns the output's name */
  op(op: string, inputs: string[], attributes: Attributes = {}, domain = ''): string {
    return this.named(this.name(op), op, inputs, attributes, domain);
  }

  /** Adds an operator with several outputs. @returns their names */
  ops(op: string, inputs: string[], count: number, attributes: Attributes = {}): string[] {
    const outputs = Array.from({ length: count }, () => this.name(op));
    this.nodes.push({ name: `/${outputs[0]}`, op, inputs, outputs, attributes });
    return outputs;
  }

  /** A constant that is made once by its name. */
  constant(name: string, make: () => Omit<OnnxTensor, 'name'>): string {
    if (!this.constants.has(name)) this.constants.set(name, { name, ...make() });
    return name;
  }

  /** A constant list of 64-bit integers: axes, shapes. */
  ints(...values: number[]): string {
    return this.constant(`ints_${values.join('_')}`, () => ({
      dims: [values.length],
      data: BigInt64Array.from(values, BigInt),
    }));
  }

  /** A single 64-bit integer, without dimensions. */
  int(value: number): string {
    return this.constant(`int_${value}`, () => ({
      dims: [],
      data: BigInt64Array.of(BigInt(value)),
    }));
  }

  /** A single float, without dimensions. */
  float(value: number): string {
    return this.constant(`float_${value}`, () => ({ dims: [], data: Float32Array.of(value) }));
  }

  /** Random floats of this standard deviation. */
  weight(name: string, dims: number[], deviation: number, shape?: Shape): string {
    return this.constant(name, () => ({ dims, data: this.random(name, dims, deviation, shape) }));
  }

  random(name: string, dims: number[], deviation: number, shape?: Shape): Float32Array {
    const data = randomFloats(this.seed, name, product(dims), deviation);
    shape?.(data);
    return data;
  }

  /**
   * Random weights as bytes, with their scale and zero point.
   * @returns names of the bytes, scale and zero point
   */
  quantised(
    name: string,
    dims: number[],
    deviation: number,
    shape?: Shape,
  ): [string, string, string] {
    if (!this.constants.has(`${name}_quantized`)) {
      const { data, scale, zero } = quantise(
        this.random(name, dims, deviation, shape),
        this.signed,
      );
      const bytes = (value: number) => (this.signed ? Int8Array.of(value) : Uint8Array.of(value));
      this.constant(`${name}_quantized`, () => ({ dims, data }));
      this.constant(`${name}_scale`, () => ({ dims: [], data: Float32Array.of(scale) }));
      this.constant(`${name}_zero_point`, () => ({ dims: [], data: bytes(zero) }));
    }
    return [`${name}_quantized`, `${name}_scale`, `${name}_zero_point`];
  }

  /** A constant matrix with rows and columns changed for each other. @returns its name */
  turned(name: string): string {
    return this.constant(`${name}_turned`, () => {
      const { dims = [], data } = this.constants.get(name) ?? {};
      const [rows = 0, columns = 0] = dims;
      if (!(data instanceof Int8Array || data instanceof Uint8Array))
        throw new TypeError(`There are no bytes "${name}".`);
      const turned = data.slice();
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++)
          turned[column * rows + row] = data[row * columns + column] ?? 0;
      return { dims: [columns, rows], data: turned };
    });
  }

  /** Two branches, of which one runs. @returns names of the outputs, as many as there are values */
  branches(condition: string, outputs: OnnxValue[], then: () => string[], other: () => string[]) {
    const results = outputs.map(() => this.name('If'));
    const before = new Map(this.counts);
    const thenBranch = { graph: this.branch('then', outputs, then) };
    const behind = this.counts;
    // both call nodes and values alike, as those of published decoders do: they were exported apart
    this.counts = before;
    const elseBranch = { graph: this.branch('else', outputs, other) };
    for (const [op, count] of behind)
      this.counts.set(op, Math.max(count, this.counts.get(op) ?? 0));
    const attributes = { then_branch: thenBranch, else_branch: elseBranch };
    const name = `/${results[0]}`;
    this.nodes.push({ name, op: 'If', inputs: [condition], outputs: results, attributes });
    return results;
  }

  /** The bytes of the model. */
  write(name: string): Uint8Array<ArrayBuffer> {
    const { inputs, outputs, nodes } = this;
    const constants = [...this.constants.values()];
    const graph = { inputs, outputs, constants, nodes };
    return writeModel(name, graph, { opset: OPSET, domains: { 'com.microsoft': 1 } });
  }

  /** As `write`, with the weights in a second file that has to lie beside as `location`. */
  writeExternal(name: string, location: string) {
    const data = new Uint8Array(
      this.sumOf((tensor) => (isLarge(tensor) ? tensor.data.byteLength : 0)),
    );
    let offset = 0;
    const constants = [...this.constants.values()].map((tensor) => {
      if (!isLarge(tensor)) return tensor;
      const { buffer, byteOffset, byteLength } = tensor.data;
      data.set(new Uint8Array(buffer, byteOffset, byteLength), offset);
      offset += byteLength;
      return { ...tensor, external: { location, offset: offset - byteLength } };
    });
    const { inputs, outputs, nodes } = this;
    const graph = { inputs, outputs, constants, nodes };
    const options = { opset: OPSET, domains: { 'com.microsoft': 1 } };
    return { graph: writeModel(name, graph, options), data };
  }

  private sumOf(size: (tensor: OnnxTensor) => number): number {
    return [...this.constants.values()].reduce((sum, tensor) => sum + size(tensor), 0);
  }

  private branch(name: string, values: OnnxValue[], body: () => string[]): OnnxSubgraph {
    const around = this.nodes;
    this.nodes = [];
    // each value by a name of the branch's own: it may be one of the graph around
    const outputs = body().map((from, index) => ({
      ...(values[index] ?? { dims: [] }),
      name: this.op('Identity', [from]),
    }));
    const nodes = this.nodes;
    this.nodes = around;
    return { name, nodes, outputs };
  }

  private named(
    output: string,
    op: string,
    inputs: string[],
    attributes: Attributes = {},
    domain = '',
  ): string {
    const own = domain ? { domain } : {};
    this.nodes.push({ name: `/${output}`, op, inputs, outputs: [output], attributes, ...own });
    return output;
  }

  private name(op: string): string {
    const count = this.counts.get(op) ?? 0;
    this.counts.set(op, count + 1);
    return `${op}_${count}`;
  }
}

/** Small tensors (shapes, scales) stay in the graph: ONNX Runtime reads them while it loads. */
function isLarge({ data }: OnnxTensor): boolean {
  return data.byteLength >= 1024;
}

/** Bytes over the range of the data, which is made to hold 0; signed ones have their zero at 0. */
function quantise(from: Float32Array, signed: boolean) {
  let low = 0;
  let high = 0;
  for (const value of from) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const scale = (signed ? Math.max(-low, high) / 127 : (high - low) / 255) || 1;
  const zero = signed ? 0 : Math.round(-low / scale);
  const data = signed ? new Int8Array(from.length) : new Uint8Array(from.length);
  for (let index = 0; index < from.length; index++)
    data[index] = Math.round((from[index] ?? 0) / scale) + zero;
  return { data, scale, zero };
}

function product(dims: number[]): number {
  return dims.reduce((whole, dim) => whole * dim, 1);
}
