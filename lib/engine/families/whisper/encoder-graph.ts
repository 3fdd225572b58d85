import { GraphProducts, type Product, type WeightMatrix } from '@/lib/engine/kernels';
import { floatValues, type ReadGraph, type ReadNode, type ReadTensor } from '@/lib/engine/onnx';

/** Weights of a layer normalisation, [width] each. */
export interface Norm {
  scale: Float32Array;
  bias: Float32Array;
}

/** Weights of one layer of the encoder. */
export interface EncoderLayer {
  attentionNorm: Norm;
  query: WeightMatrix;
  key: WeightMatrix;
  value: WeightMatrix;
  out: WeightMatrix;
  norm: Norm;
  wide: WeightMatrix;
  narrow: WeightMatrix;
}

/** Weights of Whisper's encoder (Radford et al. 2022, section 2.2). */
export interface EncoderWeights {
  /** Convolutions over 3 frames as products: rows are taps, each with all channels. */
  first: WeightMatrix;
  second: WeightMatrix;
  /** [frames, width] */
  positions: Float32Array;
  layers: EncoderLayer[];
  last: Norm;
}

/** Turn and scale what they are given, or cut it into heads. */
const ARRANGING = new Set(['Reshape', 'Transpose', 'Mul', 'Div', 'Identity']);
/** What GELU is written with. */
const GELU = new Set(['Gelu', 'BiasGelu', 'Erf', 'Mul', 'Div', 'Add']);
const SEARCH_DEPTH = 12;

/**
 * Finds the weights of a published Whisper encoder by following its values from node to node.
 * @returns `null` for a graph that is not, node for node, the encoder we know: another precision,
 * fused operators, another network
 */
export function readEncoder(graph: ReadGraph, output: string): EncoderWeights | null {
  return new EncoderReader(graph).read(output);
}

class EncoderReader {
  private readonly values: GraphProducts;

  constructor(private readonly graph: ReadGraph) {
    this.values = new GraphProducts(graph);
  }

  read(output: string): EncoderWeights | null {
    const convs = this.values.all.filter(({ isConv }) => isConv);
    const [first, second] = convs;
    if (!first || !second || convs.length > 2) return null;
    if (!this.comesFrom(second.input, first.output, GELU)) return null;
    const start = this.readStart(second);
    if (!start) return null;
    const layers: EncoderLayer[] = [];
    let { x } = start;
    for (const softmax of this.graph.nodes.filter(({ op }) => op === 'Softmax')) {
      const layer = this.readLayer(softmax, x);
      if (!layer) return null;
      layers.push(layer.weights);
      x = layer.output;
    }
    const last = this.readNorm(output);
    // nothing is left over: what was not understood would be missing
    const isWhole = this.values.all.length === 2 + 6 * layers.length && layers.length > 0;
    if (last?.input !== x || !isWhole) return null;
    const { positions } = start;
    return { first: first.matrix, second: second.matrix, positions, layers, last: last.norm };
  }

  /** Positions are added to what the convolutions made. */
  private readStart({ output }: Product): { x: string; positions: Float32Array } | null {
    for (const node of this.graph.nodes) {
      if (node.op !== 'Add') continue;
      const tables = node.inputs.map((name) => this.positionTable(name));
      const [table, ...others] = tables.filter((one) => one !== null);
      const turned = this.values.makers.get(node.inputs[tables.indexOf(null)] ?? '');
      const dims = table?.dims.filter((size) => size > 1) ?? [];
      if (!table || others.length > 0 || turned?.op !== 'Transpose' || dims.length !== 2) continue;
      if (!this.comesFrom(turned.inputs[0] ?? '', output, GELU)) continue;
      const positions = floatValues(table);
      return positions && { x: node.outputs[0] ?? '', positions };
    }
    return null;
  }

  /** A constant, or the beginning of one: an export for windows of any length adds as much as it needs. */
  private positionTable(name: string): ReadTensor | null {
    const maker = this.values.makers.get(name);
    if (maker?.op !== 'Slice') return this.values.constant(name);
    const [table = '', start = ''] = maker.inputs;
    const begins = this.values.constant(start)?.bytes.every((byte) => byte === 0);
    return begins ? this.values.constant(table) : null;
  }

  private readLayer(
    softmax: ReadNode,
    x: string,
  ): { weights: EncoderLayer; output: string } | null {
    const scores = this.makerThrough(softmax.inputs[0], 'MatMul');
    const mixing = this.values.onlyReader(softmax.outputs[0]);
    if (!scores || mixing?.op !== 'MatMul') return null;
    const query = this.productBefore(scores.inputs[0]);
    const key = this.productBefore(scores.inputs[1]);
    const value = this.productBefore(mixing.inputs[1]);
    if (!query || !key || !value || query.input !== key.input || key.input !== value.input)
      return null;
    const attentionNorm = this.readNorm(query.input);
    const mixed = mixing.outputs[0] ?? '';
    const out = this.values.all.find(({ input }) => this.comesFrom(input, mixed, ARRANGING));
    if (attentionNorm?.input !== x || !out) return null;
    const middle = this.sumOf(x, out.output);
    const wide = this.values.all.find(({ input }) => this.readNorm(input)?.input === middle);
    const norm = wide && this.readNorm(wide.input);
    const narrow = this.values.all.find(
      ({ input }) => wide && input !== wide.input && this.comesFrom(input, wide.output, GELU),
    );
    if (middle === null || !norm || !wide || !narrow) return null;
    const output = this.sumOf(middle, narrow.output);
    if (output === null) return null;
    return {
      weights: {
        attentionNorm: attentionNorm.norm,
        query: query.matrix,
        key: key.matrix,
        value: value.matrix,
        out: out.matrix,
        norm: norm.norm,
        wide: wide.matrix,
        narrow: narrow.matrix,
      },
      output,
    };
  }

  /** The product that a value is, turned, scaled and cut into heads. */
  private productBefore(name: string | undefined, depth = SEARCH_DEPTH): Product | null {
    if (name === undefined || depth === 0) return null;
    const product = this.values.byOutput.get(name);
    if (product) return product;
    const maker = this.values.makers.get(name);
    if (!maker || !ARRANGING.has(maker.op)) return null;
    for (const input of maker.inputs) {
      const found = this.productBefore(input, depth - 1);
      if (found) return found;
    }
    return null;
  }

  /** Whether a value is made of another one by operators of these kinds alone. */
  private comesFrom(name: string, origin: string, ops: ReadonlySet<string>, depth = 8): boolean {
    if (name === origin) return true;
    const maker = this.values.makers.get(name);
    if (!maker || depth === 0 || !ops.has(maker.op) || this.values.byOutput.has(name)) return false;
    const used = maker.inputs.filter((input) => !this.graph.constants.has(input));
    const values = ops === GELU ? used : used.slice(0, 1);
    return (
      values.length > 0 && values.every((input) => this.comesFrom(input, origin, ops, depth - 1))
    );
  }

  private sumOf(a: string, b: string): string | null {
    const node = (this.values.readers.get(b) ?? []).find(
      ({ op, inputs }) => op === 'Add' && inputs.includes(a) && inputs.includes(b),
    );
    return node?.outputs[0] ?? null;
  }

  private makerThrough(name: string | undefined, op: string): ReadNode | null {
    let at = name;
    for (let depth = 0; depth < SEARCH_DEPTH && at !== undefined; depth++) {
      const maker = this.values.makers.get(at);
      if (!maker || maker.op === op) return maker ?? null;
      if (!ARRANGING.has(maker.op)) return null;
      at = maker.inputs.find((input) => !this.graph.constants.has(input));
    }
    return null;
  }

  /** The layer normalisation that made a value: one operator, or written out. */
  private readNorm(name: string): { norm: Norm; input: string } | null {
    const maker = this.values.makers.get(name);
    if (!maker) return null;
    if (maker.op === 'Identity') return this.readNorm(maker.inputs[0] ?? '');
    if (maker.op === 'LayerNormalization') {
      const [input = '', scale = '', bias = ''] = maker.inputs;
      return this.norm(this.values.constant(scale), this.values.constant(bias), input);
    }
    if (maker.op !== 'Add') return null;
    const { constant: bias, value: scaled } = this.values.splitConstant(maker);
    const scaling = this.values.makers.get(scaled ?? '');
    if (scaling?.op !== 'Mul') return null;
    const { constant: scale, value: divided } = this.values.splitConstant(scaling);
    const division = this.values.makers.get(divided ?? '');
    const centred = this.values.makers.get(division?.inputs[0] ?? '');
    const deviation = this.values.makers.get(division?.inputs[1] ?? '');
    if (division?.op !== 'Div' || centred?.op !== 'Sub' || deviation?.op !== 'Sqrt') return null;
    const [input = '', mean = ''] = centred.inputs;
    if (this.values.makers.get(mean)?.op !== 'ReduceMean') return null;
    return this.norm(scale, bias, input);
  }

  private norm(scale: ReadTensor | null, bias: ReadTensor | null, input: string) {
    const norm = { scale: scale && floatValues(scale), bias: bias && floatValues(bias) };
    if (!norm.scale || !norm.bias) return null;
    return { norm: { scale: norm.scale, bias: norm.bias }, input };
  }
}
