import { AppError } from '@/lib/core';
import {
  messages,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
  readFloatTensor,
  texts,
  writeModel,
} from '@/lib/engine/onnx';
import { CONTEXT_SAMPLES, FRAME_SAMPLES } from './constants';

/**
 * The published Silero graph takes one 32 ms frame per run. Its convolutions then have one to four columns,
 * which fill matrix kernels badly even when many recordings run side by side: about 100 times real time on
 * one core, in a batch of any size. Here its 16 kHz weights go into an equivalent graph that takes a whole
 * block of frames: every layer becomes one tall matrix product, and the LSTM runs over the block inside the
 * runtime. The probabilities are those of the published graph (the test compares them), at about four times
 * the speed.
 */

/** What the block graph calls its inputs and outputs. */
export const BLOCK_IO = {
  /** float32 [frames, CONTEXT_SAMPLES + FRAME_SAMPLES]: each frame after its context. */
  frames: 'frames',
  /** float32 [1, 1, 128]: hidden and cell state before the block. */
  hidden: 'hidden',
  cell: 'cell',
  /** float32 [frames, 1] */
  probability: 'probability',
  /** float32 [1, 1, 128]: the states after the block. */
  nextHidden: 'next_hidden',
  nextCell: 'next_cell',
} as const;

/** Units of the LSTM. */
const UNITS = 128;

/** Samples of a spectrum window, and their step. */
const WINDOW = 256;
const HOP = 128;

/** Frequency bins of a spectrum, and spectra of one frame. */
const BINS = 129;
const SPECTRA = 4;

/** Reflected samples after a frame. */
const REFLECTED = 64;

/** Name in the published graph (after its prefix), and shape. */
const WEIGHTS = {
  basis: ['stft.forward_basis_buffer', [2 * BINS, 1, WINDOW]],
  conv0: ['encoder.0.reparam_conv.weight', [128, BINS, 3]],
  bias0: ['encoder.0.reparam_conv.bias', [128]],
  conv1: ['encoder.1.reparam_conv.weight', [64, 128, 3]],
  bias1: ['encoder.1.reparam_conv.bias', [64]],
  conv2: ['encoder.2.reparam_conv.weight', [64, 64, 3]],
  bias2: ['encoder.2.reparam_conv.bias', [64]],
  conv3: ['encoder.3.reparam_conv.weight', [128, 64, 3]],
  bias3: ['encoder.3.reparam_conv.bias', [128]],
  inputWeight: ['decoder.rnn.weight_ih', [4 * UNITS, 128]],
  hiddenWeight: ['decoder.rnn.weight_hh', [4 * UNITS, UNITS]],
  inputBias: ['decoder.rnn.bias_ih', [4 * UNITS]],
  hiddenBias: ['decoder.rnn.bias_hh', [4 * UNITS]],
  outWeight: ['decoder.decoder.2.weight', [1, UNITS, 1]],
  outBias: ['decoder.decoder.2.bias', [1]],
} as const satisfies Record<string, readonly [string, readonly number[]]>;

type Weights = Record<keyof typeof WEIGHTS, Float32Array>;

/**
 * Makes the block graph from the published file.
 * @throws AppError SEGMENT_FAILED when the file is not the network this was written for
 */
export function blockModel(published: Uint8Array): Uint8Array<ArrayBuffer> {
  return writeModel('silero-stretch', blockGraph(readWeights(published)));
}

function readWeights(published: Uint8Array): Weights {
  try {
    // the graph is one choice between two networks, for 16 kHz and for 8 kHz
    for (const node of messages(published, 7).flatMap((graph) => messages(graph, 1)))
      for (const branch of messages(node, 5).flatMap((attribute) => messages(attribute, 6))) {
        const weights = matchWeights(namedConstants(branch));
        if (weights) return weights;
      }
  } catch (cause) {
    throw new AppError('SEGMENT_FAILED', 'The VAD network cannot be read.', { cause });
  }
  throw new AppError('SEGMENT_FAILED', 'The VAD file holds no 16 kHz network of the known shape.');
}

function namedConstants(graph: Uint8Array): Map<string, { dims: number[]; data: Float32Array }> {
  const found = new Map<string, { dims: number[]; data: Float32Array }>();
  for (const node of messages(graph, 1)) {
    if (texts(node, 4)[0] !== 'Constant') continue;
    const value = messages(node, 5).flatMap((attribute) => messages(attribute, 5))[0];
    const tensor = value ? readFloatTensor(value) : null;
    const name = texts(node, 2)[0]?.split('__').at(-1);
    if (tensor && name) found.set(name, tensor);
  }
  return found;
}

function matchWeights(constants: ReturnType<typeof namedConstants>): Weights | null {
  const entries = Object.entries(WEIGHTS).map(([key, [name, shape]]) => {
    const tensor = constants.get(name);
    const fits =
      tensor?.dims.join() === shape.join() &&
      tensor.data.length === shape.reduce<number>((product, dim) => product * dim, 1);
    return tensor && fits ? ([key, tensor.data] as const) : null;
  });
  if (entries.includes(null)) return null;
  // every key of WEIGHTS is there, by the check above
  return Object.fromEntries(entries.filter((entry) => entry !== null)) as Weights;
}

function blockGraph(w: Weights): OnnxGraph {
  const constants: OnnxTensor[] = [];
  const nodes: OnnxNode[] = [];
  const floats = (name: string, dims: number[], data: Float32Array): string => {
    constants.push({ name, dims, data });
    return name;
  };
  const ints = (name: string, ...values: number[]): string => {
    constants.push({ name, dims: [values.length], data: BigInt64Array.from(values, BigInt) });
    return name;
  };
  const node = (op: string, inputs: string[], output: string, attributes = {}): string => {
    nodes.push({ op, inputs, outputs: [output], attributes });
    return output;
  };
  const slice = (from: string, output: string, start: number, end: number): string =>
    node('Slice', [from, ints(`${output}.a`, start), ints(`${output}.b`, end), 'axis1'], output);
  const reshape = (from: string, output: string, ...dims: number[]): string =>
    node('Reshape', [from, ints(`${output}.dims`, ...dims)], output);
  const layer = (from: string, name: string, weight: string, bias: string): string => {
    node('Add', [node('MatMul', [from, weight], `${name}.product`), bias], `${name}.sum`);
    return node('Relu', [`${name}.sum`], name);
  };
  ints('axis1', 1);

  // windows of 256 samples in steps of 128: two neighbouring blocks of 128 each
  node('Pad', [BLOCK_IO.frames, ints('reflect', 0, 0, 0, REFLECTED)], 'padded', {
    mode: 'reflect',
  });
  reshape('padded', 'blocks', -1, SPECTRA + 1, HOP);
  const halves = [slice('blocks', 'left', 0, SPECTRA), slice('blocks', 'right', 1, SPECTRA + 1)];
  node('Concat', halves, 'windows', { axis: 2 });
  reshape('windows', 'rows', -1, WINDOW);
  const basis = floats('basis', [WINDOW, 2 * BINS], transpose(w.basis, 2 * BINS, WINDOW));
  nodes.push({
    op: 'Split',
    inputs: [node('MatMul', ['rows', basis], 'spectrum'), ints('bins', BINS, BINS)],
    outputs: ['real', 'imaginary'],
    attributes: { axis: 1 },
  });
  node('Mul', ['real', 'real'], 'real2');
  node('Mul', ['imaginary', 'imaginary'], 'imaginary2');
  node('Sqrt', [node('Add', ['real2', 'imaginary2'], 'power')], 'magnitude');

  // layer 0: stride 1, so each of the four spectra sees its two neighbours
  reshape('magnitude', 'spectra', -1, SPECTRA, BINS);
  node('Pad', ['spectra', ints('around', 0, 1, 0, 0, 1, 0)], 'framed');
  const taps = [0, 1, 2].map((tap) => slice('framed', `tap${tap}`, tap, tap + SPECTRA));
  node('Concat', taps, 'taps', { axis: 2 });
  reshape('taps', 'tapRows', -1, 3 * BINS);
  const w0 = floats('w0', [3 * BINS, 128], tapMatrix(w.conv0, 128, BINS, [0, 1, 2]));
  layer('tapRows', 'layer0', w0, floats('b0', [128], w.bias0));

  // layer 1: stride 2 makes two columns of four; both in one product
  reshape('layer0', 'wide', -1, SPECTRA * 128);
  const w1 = floats('w1', [SPECTRA * 128, 2 * 64], strideTwoMatrix(w.conv1, 64, 128));
  const b1 = floats('b1', [2 * 64], Float32Array.from([...w.bias1, ...w.bias1]));
  layer('wide', 'layer1', w1, b1);

  // layers 2 and 3 end in one column: of their taps only those inside count
  const w2 = floats('w2', [2 * 64, 64], tapMatrix(w.conv2, 64, 64, [1, 2]));
  layer('layer1', 'layer2', w2, floats('b2', [64], w.bias2));
  const w3 = floats('w3', [64, 128], tapMatrix(w.conv3, 128, 64, [1]));
  layer('layer2', 'layer3', w3, floats('b3', [128], w.bias3));

  reshape('layer3', 'sequence', -1, 1, 128);
  const bias = Float32Array.from([...gateOrder(w.inputBias, 1), ...gateOrder(w.hiddenBias, 1)]);
  nodes.push({
    op: 'LSTM',
    inputs: [
      'sequence',
      floats('inputWeight', [1, 4 * UNITS, 128], gateOrder(w.inputWeight, 128)),
      floats('hiddenWeight', [1, 4 * UNITS, UNITS], gateOrder(w.hiddenWeight, UNITS)),
      floats('lstmBias', [1, 8 * UNITS], bias),
      '',
      BLOCK_IO.hidden,
      BLOCK_IO.cell,
    ],
    outputs: ['units', BLOCK_IO.nextHidden, BLOCK_IO.nextCell],
    attributes: { hidden_size: UNITS },
  });
  reshape(node('Relu', ['units'], 'active'), 'features', -1, UNITS);
  const out = floats('wOut', [UNITS, 1], w.outWeight);
  node(
    'Add',
    [node('MatMul', ['features', out], 'score'), floats('bOut', [1], w.outBias)],
    'logit',
  );
  node('Sigmoid', ['logit'], BLOCK_IO.probability);

  const state = [1, 1, UNITS];
  return {
    inputs: [
      { name: BLOCK_IO.frames, dims: ['frames', CONTEXT_SAMPLES + FRAME_SAMPLES] },
      { name: BLOCK_IO.hidden, dims: state },
      { name: BLOCK_IO.cell, dims: state },
    ],
    outputs: [
      { name: BLOCK_IO.probability, dims: ['frames', 1] },
      { name: BLOCK_IO.nextHidden, dims: state },
      { name: BLOCK_IO.nextCell, dims: state },
    ],
    constants,
    nodes,
  };
}

/** [rows, columns] to [columns, rows]. */
function transpose(from: Float32Array, rows: number, columns: number): Float32Array {
  const to = new Float32Array(from.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      to[column * rows + row] = from[row * columns + column] ?? 0;
  return to;
}

/** A convolution's weights [outputs, channels, 3] as a matrix [taps x channels, outputs]. */
function tapMatrix(from: Float32Array, outputs: number, channels: number, taps: number[]) {
  const to = new Float32Array(taps.length * channels * outputs);
  taps.forEach((tap, row) => {
    for (let output = 0; output < outputs; output++)
      for (let channel = 0; channel < channels; channel++)
        to[(row * channels + channel) * outputs + output] =
          from[(output * channels + channel) * 3 + tap] ?? 0;
  });
  return to;
}

/** Stride 2 and padding 1 over four columns, as one matrix [4 x channels, 2 x outputs]. */
function strideTwoMatrix(from: Float32Array, outputs: number, channels: number): Float32Array {
  const to = new Float32Array(SPECTRA * channels * 2 * outputs);
  for (const column of [0, 1])
    for (const tap of [0, 1, 2]) {
      const source = 2 * column + tap - 1;
      if (source < 0) continue;
      for (let output = 0; output < outputs; output++)
        for (let channel = 0; channel < channels; channel++)
          to[(source * channels + channel) * 2 * outputs + column * outputs + output] =
            from[(output * channels + channel) * 3 + tap] ?? 0;
    }
  return to;
}

/** Gates from the published order (input, forget, cell, output) to that of ONNX (i, o, f, c). */
function gateOrder(from: Float32Array, columns: number): Float32Array {
  const size = UNITS * columns;
  const to = new Float32Array(from.length);
  [0, 3, 1, 2].forEach((gate, at) => {
    to.set(from.subarray(gate * size, (gate + 1) * size), at * size);
  });
  return to;
}
