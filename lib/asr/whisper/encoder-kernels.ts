import { WHISPER_FRAMES } from '../features/whisper-mel';
import { KernelProgram, type KernelSource } from '../kernels/kernels';
import { panelsOf, type WeightMatrix } from '../kernels/panels';
import { type Matrix, Program, type QuantisedMatrix } from '../kernels/program';
import type { EncoderWeights, Norm } from './encoder-graph';

/** Whisper's encoder on the compiled kernels: one window in, its encoded frames out. */
export interface KernelEncoder {
  /** [frames, width] of what comes out. */
  readonly dims: readonly [number, number];
  /**
   * @param features [bands, 3000]
   * @param to [frames x width]
   */
  encode(features: Float32Array, to: Float32Array): void;
  release(): void;
}

/**
 * Plans the encoder (Radford et al. 2022, section 2.2) as a program. Frames are rows throughout: a
 * convolution over three of them is then a product whose rows overlap, and nothing is copied.
 * @param heads of the attention
 * @returns `null` when the weights do not fit the kernels
 * @throws OUT_OF_MEMORY
 */
export async function loadKernelEncoder(
  source: KernelSource,
  { first, second, positions, layers, last }: EncoderWeights,
  heads: number,
): Promise<KernelEncoder | null> {
  const frames = WHISPER_FRAMES / 2;
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
    positions.length === frames * width &&
    (width / heads) % 8 === 0;
  if (!isRight) return null;

  const program = new Program();
  let fits = true;
  /** Rows times weights; `whole`: all that is made integers together, where `from` overlaps. */
  const multiply = (
    from: Matrix,
    weights: readonly WeightMatrix[],
    to: Matrix,
    options: Parameters<Program['matmul']>[3] & { whole?: Matrix } = {},
  ) => {
    const panels = panelsOf(weights);
    if (!panels) {
      fits = false;
      return;
    }
    // product by product: many exports leave convolutions as they are
    let rows: Matrix | QuantisedMatrix = from;
    if (panels.scales) {
      program.quantise(options.whole ?? from, integers);
      rows = { ...from, ...integers, stride: from.stride / 2 };
    }
    program.matmul(rows, program.weights(panels), to, options);
  };
  const normalise = (from: Matrix, { scale, bias }: Norm, to: Matrix) =>
    program.normalise(from, program.constant(scale), program.constant(bias), to);

  // a frame of zeros in front and behind: convolutions look beyond the ends
  const padded = WHISPER_FRAMES + 2;
  const features = program.matrix(bands, WHISPER_FRAMES);
  const turned = program.matrix(padded, bands);
  const convolved = program.matrix(padded, width);
  const x = program.matrix(frames, width);
  const middle = program.matrix(frames, width);
  const normal = program.matrix(frames, width);
  const parts = program.matrix(frames, 3 * width);
  const mixed = program.matrix(frames, width);
  const wide = program.matrix(frames, hidden);
  const room = program.attentionRoom(frames, width);
  const largest = Math.max(padded * Math.max(bands, width), frames * hidden);
  const hasIntegers = shapes.some(([{ steps }]) => steps !== null);
  const integers = {
    at: program.allocate(hasIntegers ? 2 * largest : 0),
    scale: program.allocate(4),
  };

  program.turn(features, turned.at + 4 * bands);
  multiply(
    { at: turned.at, rows: WHISPER_FRAMES, columns: 3 * bands, stride: 4 * bands },
    [first],
    { ...convolved, at: convolved.at + 4 * width, rows: WHISPER_FRAMES },
    { gelu: true, whole: turned },
  );
  multiply({ at: convolved.at, rows: frames, columns: 3 * width, stride: 8 * width }, [second], x, {
    gelu: true,
    residual: program.constant(positions),
    whole: convolved,
  });
  for (const layer of layers) {
    normalise(x, layer.attentionNorm, normal);
    multiply(normal, [layer.query, layer.key, layer.value], parts);
    program.attend(parts, heads, room, mixed);
    multiply(mixed, [layer.out], middle, { residual: x.at });
    normalise(middle, layer.norm, normal);
    multiply(normal, [layer.wide], wide, { gelu: true });
    multiply(wide, [layer.narrow], x, { residual: middle.at });
  }
  normalise(x, last, normal);
  if (!fits) return null;

  const loaded = await KernelProgram.load(source, program);
  return {
    dims: [frames, width],
    encode(input, to) {
      loaded.floats(features.at, bands * WHISPER_FRAMES).set(input);
      loaded.run();
      to.set(loaded.floats(normal.at, frames * width));
    },
    release: () => loaded.release(),
  };
}
