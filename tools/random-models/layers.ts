import type { GraphBuilder, Shape } from './graph';

interface LinearOptions {
  bias?: boolean;
  /** Of the weights; such that a random input keeps its size, when not given. */
  deviation?: number;
  /** Of the bias. */
  biasDeviation?: number;
  /** Weights [inputs, outputs]. */
  shape?: Shape;
  biasShape?: Shape;
}

/** y = x W + b, over the last dimension of x. */
export function linear(
  graph: GraphBuilder,
  x: string,
  name: string,
  inputs: number,
  outputs: number,
  options: LinearOptions = {},
): string {
  const { bias = true, deviation = 1 / Math.sqrt(inputs), shape, biasDeviation = 0.1 } = options;
  const dims = [inputs, outputs];
  const product =
    graph.precision === 'fp32'
      ? graph.op('MatMul', [x, graph.weight(`${name}.weight`, dims, deviation, shape)])
      : matMulInteger(graph, x, graph.quantised(`${name}.weight`, dims, deviation, shape));
  if (!bias) return product;
  const add = graph.weight(`${name}.bias`, [outputs], biasDeviation, options.biasShape);
  return graph.op('Add', [product, add]);
}

/** The product with weights in bytes: the input is quantised again in every run. */
export function matMulInteger(
  graph: GraphBuilder,
  x: string,
  [weight, scale, zero]: [string, string, string],
): string {
  return quantisedProduct(graph, 'MatMulInteger', x, [weight, scale, zero]);
}

function quantisedProduct(
  graph: GraphBuilder,
  op: 'MatMulInteger' | 'ConvInteger',
  x: string,
  [weight, scale, zero]: [string, string, string],
  attributes: Record<string, number | number[]> = {},
): string {
  const [bytes = '', step = '', offset = ''] = graph.ops('DynamicQuantizeLinear', [x], 3);
  const product = graph.op(op, [bytes, weight, offset, zero], attributes);
  const floats = graph.op('Cast', [product], { to: 1 });
  return graph.op('Mul', [floats, graph.op('Mul', [step, scale])]);
}

interface ConvOptions {
  stride?: number[];
  /** Before and behind, for each dimension: [before..., behind...]. */
  pads?: number[];
  group?: number;
  dilation?: number[];
  bias?: boolean;
  deviation?: number;
  /** Weights [outputs, inputs / group, ...kernel]. */
  shape?: Shape;
  biasShape?: Shape;
}

/** A convolution of x [batch, inputs, ...space] over as many dimensions as the kernel has. */
export function conv(
  graph: GraphBuilder,
  x: string,
  name: string,
  inputs: number,
  outputs: number,
  kernel: number[],
  options: ConvOptions = {},
): string {
  const { group = 1, bias = true, shape, biasShape } = options;
  const dims = [outputs, inputs / group, ...kernel];
  const taps = kernel.reduce((whole, size) => whole * size, inputs / group);
  const deviation = options.deviation ?? 1 / Math.sqrt(taps);
  const attributes = {
    kernel_shape: kernel,
    strides: options.stride ?? kernel.map(() => 1),
    pads: options.pads ?? kernel.flatMap(() => [0, 0]),
    dilations: options.dilation ?? kernel.map(() => 1),
    group,
  };
  const add = () => graph.weight(`${name}.bias`, [outputs], 0.1, biasShape);
  if (graph.precision !== 'q8') {
    const weight = graph.weight(`${name}.weight`, dims, deviation, shape);
    return graph.op('Conv', bias ? [x, weight, add()] : [x, weight], attributes);
  }
  const weight = graph.quantised(`${name}.weight`, dims, deviation, shape);
  const product = quantisedProduct(graph, 'ConvInteger', x, weight, attributes);
  if (!bias) return product;
  const column = graph.ints(1, outputs, ...kernel.map(() => 1));
  return graph.op('Add', [product, graph.op('Reshape', [add(), column])]);
}

interface NormOptions {
  bias?: boolean;
  scaleShape?: Shape;
  biasShape?: Shape;
}

/** Layer normalisation over the last dimension, with scales around 1. */
export function layerNorm(
  graph: GraphBuilder,
  x: string,
  name: string,
  width: number,
  { bias = true, scaleShape, biasShape }: NormOptions = {},
): string {
  const scale = graph.weight(`${name}.weight`, [width], 0, (data) => {
    data.fill(1);
    scaleShape?.(data);
  });
  const inputs = [x, scale];
  if (bias) inputs.push(graph.weight(`${name}.bias`, [width], 0, biasShape));
  return graph.op('LayerNormalization', inputs, { axis: -1, epsilon: { float: 1e-5 } });
}

/** GELU by the error function, as exporters write it: ONNX Runtime makes one operator of it. */
export function gelu(graph: GraphBuilder, x: string): string {
  const error = graph.op('Erf', [graph.op('Div', [x, graph.float(Math.SQRT2)])]);
  const gate = graph.op('Add', [error, graph.float(1)]);
  return graph.op('Mul', [graph.op('Mul', [x, gate]), graph.float(0.5)]);
}

/** SiLU (swish): x times its sigmoid. */
export function silu(graph: GraphBuilder, x: string): string {
  return graph.op('Mul', [x, graph.op('Sigmoid', [x])]);
}

/** [batch, time, heads x size] to [batch, heads, time, size]. */
export function splitHeads(graph: GraphBuilder, x: string, heads: number, size: number): string {
  const split = graph.op('Reshape', [x, graph.ints(0, 0, heads, size)]);
  return graph.op('Transpose', [split], { perm: [0, 2, 1, 3] });
}

/** [batch, heads, time, size] to [batch, time, heads x size]. */
export function mergeHeads(graph: GraphBuilder, x: string, width: number): string {
  const merged = graph.op('Transpose', [x], { perm: [0, 2, 1, 3] });
  return graph.op('Reshape', [merged, graph.ints(0, 0, width)]);
}

/**
 * Scaled dot-product attention over heads, all [batch, heads, time, size].
 * @param mask added to the scores; none when not given
 * @returns the mixed values, and the weights [batch, heads, queries, keys]
 */
export function attention(
  graph: GraphBuilder,
  [query, key, value]: [string, string, string],
  size: number,
  mask?: string,
): { mixed: string; weights: string } {
  const turned = graph.op('Transpose', [key], { perm: [0, 1, 3, 2] });
  const scaled = graph.op('Mul', [query, graph.float(1 / Math.sqrt(size))]);
  const scores = graph.op('MatMul', [scaled, turned]);
  const masked = mask ? graph.op('Add', [scores, mask]) : scores;
  const weights = graph.op('Softmax', [masked], { axis: -1 });
  return { mixed: graph.op('MatMul', [weights, value]), weights };
}

/**
 * What keeps a token from seeing later ones: 0 where it may look, -inf (nearly) where not;
 * [tokens, past + tokens].
 * @param past number of tokens before, and `tokens` here: names of scalars
 */
export function causalMask(graph: GraphBuilder, past: string, tokens: string): string {
  const all = graph.op('Add', [past, tokens]);
  const keys = graph.op('Range', [graph.int(0), all, graph.int(1)]);
  const queries = graph.op('Unsqueeze', [
    graph.op('Range', [past, all, graph.int(1)]),
    graph.ints(1),
  ]);
  const later = graph.op('Greater', [keys, queries]);
  return graph.op('Where', [later, graph.float(-1e9), graph.float(0)]);
}

/** A dimension of a tensor as a scalar. */
export function dimension(graph: GraphBuilder, x: string, axis: number): string {
  return graph.op('Gather', [graph.op('Shape', [x]), graph.int(axis)], { axis: 0 });
}

/**
 * Embeddings [vocabulary, width] that also are the output layer: rows by id, and logits.
 * In `q8` both read the same bytes.
 */
export function tiedEmbedding(
  graph: GraphBuilder,
  name: string,
  [vocabulary, width]: [number, number],
  deviation: number,
  shape?: Shape,
) {
  if (graph.precision === 'fp32') {
    const weight = graph.weight(name, [vocabulary, width], deviation, shape);
    return {
      rows: (ids: string) => graph.op('Gather', [weight, ids], { axis: 0 }),
      logits: (x: string) =>
        graph.op('MatMul', [x, graph.op('Transpose', [weight], { perm: [1, 0] })]),
    };
  }
  const [bytes, scale, zero] = graph.quantised(name, [vocabulary, width], deviation, shape);
  return {
    rows: (ids: string) =>
      graph.op('DequantizeLinear', [graph.op('Gather', [bytes, ids], { axis: 0 }), scale, zero]),
    logits: (x: string) => {
      // exporters write it twice
      return matMulInteger(graph, x, [graph.turned(bytes), scale, zero]);
    },
  };
}
