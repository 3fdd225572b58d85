import { AppError } from '@/lib/core';
import { PhoneMel, SAMPLE_RATE_HZ } from '@/lib/engine/audio';
import {
  KernelProgram,
  type KernelSource,
  type Matrix,
  Program,
  panelsOf,
  type WeightMatrix,
  type Weights,
} from '@/lib/engine/kernels';
import type { PhoneNetwork, PhoneScores } from './phone-network';
import type { TdnnNorm, TdnnWeights } from './tdnn-weights';

/** Rows of 30 ms are planned for in such steps, up to more than a segment ever has. */
const ROW_STEP = 24;
const MOST_SECONDS = 40;

/** Operations before the softmax of the first guess, and those after it. */
interface Section {
  from: number;
  guessed: number;
  to: number;
}

/**
 * The network of `training/network.py` on the compiled kernels.
 * @returns `null` when the weights do not fit them
 * @throws OUT_OF_MEMORY
 */
export async function tdnnNetwork(
  source: KernelSource,
  weights: TdnnWeights,
): Promise<PhoneNetwork | null> {
  const { embed, blocks, guess, guessBack, head } = weights;
  const width = embed.columns;
  const units = head.columns;
  const narrow = blocks[0]?.down.columns ?? 0;
  const shapes: [WeightMatrix, number, number][] = [
    [embed, PhoneMel.width, width],
    [guess, width, units],
    [guessBack, units, width],
    [head, width, units],
    ...blocks.flatMap(({ down, up, out }): [WeightMatrix, number, number][] => [
      [down, width, narrow],
      [up, 3 * narrow, width],
      [out, width, width],
    ]),
  ];
  if (!shapes.every(([{ depth, columns }, rows, to]) => depth === rows && columns === to))
    return null;

  const program = new Program(source.bytes);
  let fits = true;
  const place = (matrix: WeightMatrix): Weights | null => {
    const panels = panelsOf([matrix], program.bytes);
    if (!panels) fits = false;
    return panels && program.weights(panels);
  };
  const placeNorm = ({ scale, bias }: TdnnNorm) => ({
    scale: program.constant(scale),
    bias: program.constant(bias),
  });
  const placed = {
    ...{ embed: place(embed), embedNorm: placeNorm(weights.embedNorm) },
    ...{ guess: place(guess), guessNorm: placeNorm(weights.guessNorm) },
    ...{ guessBack: place(guessBack), head: place(head), headNorm: placeNorm(weights.headNorm) },
    blocks: blocks.map(({ norm, down, up, out, dilation }) => ({
      ...{ norm: placeNorm(norm), down: place(down), up: place(up), out: place(out), dilation },
    })),
  };
  const most = rowsFor(Math.ceil((MOST_SECONDS * SAMPLE_RATE_HZ) / PhoneMel.rowSamples));
  const matrix = (columns: number) => program.matrix(most, columns);
  const features = matrix(PhoneMel.width);
  const [x, next, normal, hidden] = [matrix(width), matrix(width), matrix(width), matrix(width)];
  const [low, spliced, scores] = [matrix(narrow), matrix(3 * narrow), matrix(units)];
  const integers = program.integers(most * PhoneMel.width, most);
  const count = program.allocate(4);

  const plan = (rows: number): Section => {
    const only = (whole: Matrix): Matrix => ({ ...whole, rows });
    const multiply = (
      from: Matrix,
      by: Weights | null,
      to: Matrix,
      options: Parameters<Program['matmul']>[3] = {},
    ) => by && program.matmul(program.quantise(only(from), integers), by, only(to), options);
    const normalise = (stream: Matrix, { scale, bias }: { scale: number; bias: number }) =>
      program.normalise(only(stream), scale, bias, only(normal));
    const from = program.length;
    let [stream, other] = [x, next];
    let guessed = from;
    multiply(features, placed.embed, hidden);
    const { scale, bias } = placed.embedNorm;
    program.normalise(only(hidden), scale, bias, only(stream), true);
    for (const [at, block] of placed.blocks.entries()) {
      if (at === weights.guessAfter) {
        normalise(stream, placed.guessNorm);
        multiply(normal, placed.guess, scores);
        guessed = program.length;
        multiply(scores, placed.guessBack, other, { residual: stream.at });
        [stream, other] = [other, stream];
      }
      normalise(stream, block.norm);
      multiply(normal, block.down, low);
      program.splice(only(low), block.dilation, count, only(spliced));
      multiply(spliced, block.up, hidden, { activation: 'relu' });
      multiply(hidden, block.out, other, { residual: stream.at });
      [stream, other] = [other, stream];
    }
    normalise(stream, placed.headNorm);
    multiply(normal, placed.head, scores);
    return { from, guessed, to: program.length };
  };
  const sections = Array.from({ length: most / ROW_STEP }, (_, at) => plan((at + 1) * ROW_STEP));
  if (!fits) return null;

  const loaded = await KernelProgram.load(source, program);
  const mel = new PhoneMel();
  /** Scores of one recording, [frames][units]. */
  const runOne = (pcm: Float32Array): Float32Array => {
    const values = mel.compute(pcm);
    const frames = values.length / PhoneMel.width;
    const rows = rowsFor(frames);
    const section = sections[rows / ROW_STEP - 1];
    if (!section)
      throw new AppError('RECOGNISE_FAILED', `A segment is longer than ${MOST_SECONDS} s.`);
    const input = loaded.floats(features.at, rows * PhoneMel.width);
    input.set(values);
    // what a longer recording left behind would affect the quantisation steps
    input.fill(0, values.length);
    loaded.integers(count, 1)[0] = frames;
    const made = loaded.floats(scores.at, rows * units);
    loaded.run(section.from, section.guessed);
    toProbabilities(made, units, false);
    loaded.run(section.guessed, section.to);
    const own = made.subarray(0, frames * units);
    toProbabilities(own, units, true);
    return own;
  };
  return {
    async run(pcm, lengths): Promise<PhoneScores> {
      const longest = pcm.length / lengths.length;
      const frames = Math.ceil(longest / PhoneMel.rowSamples);
      const data = new Float32Array(lengths.length * frames * units);
      for (const [row, length] of lengths.entries())
        if (length > 0)
          data.set(
            runOne(pcm.subarray(row * longest, row * longest + length)),
            row * frames * units,
          );
      return { data, frames, units };
    },
    async release() {
      loaded.release();
    },
  };
}

const rowsFor = (frames: number) => Math.ceil(frames / ROW_STEP) * ROW_STEP;

/** Makes probabilities, or their natural logarithms, of the logits in each row. */
function toProbabilities(logits: Float32Array, units: number, asLogarithms: boolean): void {
  for (let from = 0; from < logits.length; from += units) {
    const row = logits.subarray(from, from + units);
    const most = Math.max(...row);
    let sum = 0;
    for (let at = 0; at < units; at++) sum += Math.exp((row[at] ?? 0) - most);
    const top = most + Math.log(sum);
    for (let at = 0; at < units; at++) {
      const logProb = (row[at] ?? 0) - top;
      row[at] = asLogarithms ? logProb : Math.exp(logProb);
    }
  }
}
