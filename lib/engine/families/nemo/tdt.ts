import type { JointNetwork, JointRun } from './joint-network';
import type { FoundToken } from './tokens';

/** Encoder frames of one row: `width` values each, `stride` apart, frames side by side. */
export interface EncodedRow {
  data: Float32Array;
  /** Where the row begins in `data`. */
  offset: number;
  /** From one value of a frame to its next: frames of the longest row of the encoder's run. */
  stride: number;
  frames: number;
}

/** Tokens of one frame at most; a model that does not advance by itself is then advanced. */
const MAX_TOKENS_PER_FRAME = 10;

/** Where the search of one row is. */
interface Progress {
  readonly row: EncodedRow;
  readonly tokens: FoundToken[];
  frame: number;
  /** Tokens found in this frame so far. */
  found: number;
}

/**
 * Greedy search of a token-and-duration transducer (Xu et al. 2023, algorithm 2): in each step the
 * best token and the best duration; the search advances by the duration, by one frame after a blank
 * of no duration, and after the tenth token of one frame.
 *
 * Rows go through the network side by side, each at its own frame, so that weights are read once
 * for several of them.
 * @param pause called between steps; what it throws ends the search
 * @returns tokens of each row in order of time
 */
export async function searchTdt(
  network: JointNetwork,
  rows: readonly EncodedRow[],
  blank: number,
  pause: () => Promise<void>,
): Promise<FoundToken[][]> {
  const all = rows.map((row): Progress => ({ row, tokens: [], frame: 0, found: 0 }));
  for (let from = 0; from < all.length; from += network.maxRows) {
    const together = all.slice(from, from + network.maxRows).filter(isOpen);
    if (together.length > 0) await searchTogether(network, together, blank, pause);
  }
  return all.map(({ tokens }) => tokens);
}

async function searchTogether(
  network: JointNetwork,
  rows: Progress[],
  blank: number,
  pause: () => Promise<void>,
): Promise<void> {
  const run = network.begin(rows.length);
  let slots = rows;
  try {
    while (slots.some(isOpen)) {
      await pause();
      for (const [slot, progress] of slots.entries())
        if (isOpen(progress)) writeInputs(run, slot, progress, network.width, blank);
      const choices = await run.step();
      for (const [slot, progress] of slots.entries()) {
        const choice = choices[slot];
        if (choice && isOpen(progress)) advance(progress, choice, blank);
      }
      const open = slots.flatMap((progress, slot) => (isOpen(progress) ? [slot] : []));
      if (open.length > 0 && open.length < slots.length && run.keep(open))
        slots = slots.filter(isOpen);
    }
  } finally {
    run.dispose();
  }
}

function isOpen({ frame, row }: Progress): boolean {
  return frame < row.frames;
}

function writeInputs(
  run: JointRun,
  slot: number,
  { row, frame, tokens }: Progress,
  width: number,
  blank: number,
): void {
  const to = slot * width;
  for (let at = 0, from = row.offset + frame; at < width; at++, from += row.stride)
    run.frames[to + at] = row.data[from] ?? 0;
  run.targets[slot] = tokens.at(-1)?.id ?? blank;
}

function advance(
  progress: Progress,
  { token, duration, logProb }: { token: number; duration: number; logProb: number },
  blank: number,
): void {
  const { frame, tokens, row } = progress;
  if (token !== blank) {
    const endFrame = Math.min(row.frames, frame + Math.max(1, duration));
    tokens.push({ id: token, firstFrame: frame, endFrame, logProb });
    progress.found++;
  }
  const isStuck = token === blank || progress.found >= MAX_TOKENS_PER_FRAME;
  const step = duration > 0 ? duration : isStuck ? 1 : 0;
  if (step === 0) return;
  progress.frame += step;
  progress.found = 0;
}
