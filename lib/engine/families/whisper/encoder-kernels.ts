import { assert } from '@/lib/core';
import { WHISPER_FRAMES } from '@/lib/engine/audio';
import {
  type Address,
  KernelProgram,
  type KernelSource,
  type Matrix,
  Program,
  panelsOf,
  type QuantisedMatrix,
  type WeightMatrix,
  type Weights,
} from '@/lib/engine/kernels';
import type { EncoderWeights, Norm } from './encoder-graph';

/** Whisper's encoder on the compiled kernels: one window in, its encoded frames out. */
export interface KernelEncoder {
  /** Values of an encoded frame. */
  readonly width: number;
  /**
   * @param features [bands, frames], as many as the encoder was planned for
   * @param to [frames / 2 x width]
   */
  encode(features: Float32Array, to: Float32Array): void;
  release(): void;
}

/** The operations for one number of frames, from the first up to but without the last. */
type Section = readonly [from: number, to: number];

/**
 * Plans the encoder (Radford et al. 2022, section 2.2) as a program. Frames are rows throughout: a
 * convolution over three of them is then a product whose rows overlap, and nothing is copied.
 * Windows of different lengths have operations of their own, on the same memory.
 * @param heads of the attention
 * @param frameCounts log-mel frames of a window, each a multiple of `FRAME_STEP`
 * @returns `null` when the weights do not fit the kernels
 * @throws OUT_OF_MEMORY
 */
export async function loadKernelEncoder(
  source: KernelSource,
  { first, second, positions, layers, last }: EncoderWeights,
  heads: number,
  frameCounts: readonly number[],
): Promise<KernelEncoder | null> {
  const width = second.columns;
  const bands = first.depth / 3;
  const hidden = layers[0]?.wide.columns ?? 0;
  const shapes: [WeightMatrix, number, number][] = [
    [first, 3 * bands, width],
    [second, 3 * width, width],
    ...layers.flatMap((layer): [WeightMatrix, number, number][] => [
      [layer.query, width, width],
      [layer.key, width, width],
      [layer.value, width, width],
      [layer.out, width, width],
      [layer.wide, width, hidden],
      [layer.narrow, hidden, width],
    ]),
  ];
  const isRight =
    shapes.every(([{ depth, columns }, rows, to]) => depth === rows && columns === to) &&
    positions.length === (WHISPER_FRAMES / 2) * width &&
    (width / heads) % 8 === 0;
  if (!isRight) return null;

  const program = new Program(source.bytes);
  const weightsOf = (matrices: readonly WeightMatrix[], bytes = program.bytes): Weights | null => {
    const panels = panelsOf(matrices, bytes);
    return panels && program.weights(panels);
  };
  const normOf = ({ scale, bias }: Norm) => ({
    scale: program.constant(scale),
    bias: program.constant(bias),
  });
  // rows of convolutions overlap, and have no steps of their own
  const firstWeights = weightsOf([first], null);
  const secondWeights = weightsOf([second], null);
  const placed = layers.map((layer) => ({
    attentionNorm: normOf(layer.attentionNorm),
    mixing: weightsOf([layer.query, layer.key, layer.value]),
    out: weightsOf([layer.out]),
    norm: normOf(layer.norm),
    wide: weightsOf([layer.wide]),
    narrow: weightsOf([layer.narrow]),
  }));
  const lastNorm = normOf(last);
  const positionsAt = program.constant(positions);

  const most = Math.max(...frameCounts);
  // a frame of zeros in front and after: convolutions look beyond the ends
  const turned = program.matrix(most + 2, bands);
  const convolved = program.matrix(most + 2, width);
  const features = program.allocate(4 * bands * most);
  const matrix = (columns: number) => program.matrix(most / 2, columns);
  const [x, middle, normal, mixed] = [matrix(width), matrix(width), matrix(width), matrix(width)];
  const projections = matrix(3 * width);
  const wide = matrix(hidden);
  const largest = Math.max((most + 2) * Math.max(bands, width), (most / 2) * hidden);
  const hasIntegers = shapes.some(([{ steps }]) => steps !== null);
  const integers = program.integers(hasIntegers ? largest : 0, most / 2);
  const inBytes = hasIntegers && program.attendsInBytes;
  const room = program.attentionRoom(most / 2, width, heads, inBytes);
  let fits = true;
  /** Rows times weights; `whole`: all that is made integers together, where `from` overlaps. */
  const multiply = (
    from: Matrix,
    weights: Weights | null,
    to: Matrix,
    options: Parameters<Program['matmul']>[3] & { whole?: Matrix } = {},
  ) => {
    if (!weights) {
      fits = false;
      return;
    }
    // product by product: many exports leave convolutions as they are
    let rows: Matrix | QuantisedMatrix = from;
    const { whole } = options;
    if (weights.panels.scales)
      rows = whole
        ? program.quantiseWhole(whole, integers, from)
        : program.quantise(from, integers);
    program.matmul(rows, weights, to, options);
  };
  const plan = (frames: number): Section => {
    const from = program.length;
    const only = (whole: Matrix, rows = frames / 2): Matrix => ({ ...whole, rows });
    const normalise = (source: Matrix, norm: { scale: Address; bias: Address }) =>
      program.normalise(only(source), norm.scale, norm.bias, only(normal));
    const columns = { rows: bands, columns: frames, stride: 4 * frames };
    program.turn({ at: features, ...columns }, turned.at + 4 * bands);
    multiply(
      { at: turned.at, rows: frames, columns: 3 * bands, stride: 4 * bands },
      firstWeights,
      { ...only(convolved, frames), at: convolved.at + 4 * width },
      { activation: 'gelu', whole: only(turned, frames + 2) },
    );
    multiply(
      { at: convolved.at, rows: frames / 2, columns: 3 * width, stride: 8 * width },
      secondWeights,
      only(x),
      { activation: 'gelu', residual: positionsAt, whole: only(convolved, frames + 2) },
    );
    for (const layer of placed) {
      normalise(x, layer.attentionNorm);
      multiply(only(normal), layer.mixing, only(projections));
      program.attend(only(projections), heads, room, only(mixed));
      multiply(only(mixed), layer.out, only(middle), { residual: x.at });
      normalise(middle, layer.norm);
      multiply(only(normal), layer.wide, only(wide), { activation: 'gelu' });
      multiply(only(wide), layer.narrow, only(x), { residual: middle.at });
    }
    normalise(x, lastNorm);
    return [from, program.length];
  };
  const sections = new Map(frameCounts.map((frames) => [frames, plan(frames)]));
  if (!fits) return null;

  const loaded = await KernelProgram.load(source, program);
  return {
    width,
    encode(input, to) {
      const frames = input.length / bands;
      const section = sections.get(frames);
      assert(section, `${frames} frames were planned for`);
      loaded.floats(features, input.length).set(input);
      // a longer window may have left something after it
      loaded.floats(turned.at + 4 * bands * (frames + 1), bands).fill(0);
      loaded.floats(convolved.at + 4 * width * (frames + 1), width).fill(0);
      loaded.run(...section);
      to.set(loaded.floats(normal.at, (frames / 2) * width));
    },
    release: () => loaded.release(),
  };
}
