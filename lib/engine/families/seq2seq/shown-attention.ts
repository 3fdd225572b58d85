import type { Address, KernelProgram, Program } from '@/lib/engine/kernels';

/** The most rows of attention recorded in one step, tokens times heads: eight heads of 24 tokens. */
const SHOWN_ROWS = 192;

/** Decoder heads to be recorded. */
export type Heads = readonly (readonly [layer: number, head: number])[];

/** Memory in which a decoder's program records how heads attend to the frames, while asked to. */
export class ShownAttention {
  /** For each layer, as `FrameCaches.shown`. */
  readonly tables: readonly Address[];
  private readonly shares: Address;

  /** @param room frames of a window, at most */
  constructor(
    program: Program,
    layers: number,
    private readonly heads: number,
    private readonly room: number,
  ) {
    this.tables = Array.from({ length: layers }, () => program.allocate(4 * (1 + heads)));
    this.shares = program.allocate(4 * SHOWN_ROWS * room);
  }

  /** Whether these heads exist, and are few enough. */
  has(asked: Heads): boolean {
    const known = asked.every(([layer, head]) => layer < this.tables.length && head < this.heads);
    return known && asked.length > 0 && asked.length <= SHOWN_ROWS;
  }

  /**
   * Records how heads attend while tokens are put in.
   * @param asked heads that exist
   * @param frames of the window
   * @param rows the most tokens that can be put in together
   * @param put puts in the tokens from `from` up to but without `to`
   * @returns by head, [tokens][frames]
   */
  show(
    loaded: KernelProgram,
    asked: Heads,
    { tokens, frames, rows }: { tokens: number; frames: number; rows: number },
    put: (from: number, to: number) => void,
  ): Float32Array[] {
    const most = Math.min(rows, Math.floor(SHOWN_ROWS / asked.length));
    const rowBytes = 4 * this.room;
    const at = asked.map((_, index) => this.shares + index * most * rowBytes);
    const found = asked.map(() => new Float32Array(tokens * frames));
    for (const [index, [layer, head]] of asked.entries()) {
      const table = loaded.integers(this.tables[layer] ?? 0, 1 + this.heads);
      table[0] = rowBytes;
      table[1 + head] = at[index] ?? 0;
    }
    for (let from = 0; from < tokens; from += most) {
      const to = Math.min(from + most, tokens);
      put(from, to);
      for (const [index, weights] of found.entries())
        for (let token = from; token < to; token++) {
          const row = (at[index] ?? 0) + (token - from) * rowBytes;
          weights.set(loaded.floats(row, frames), token * frames);
        }
    }
    for (const table of this.tables) loaded.integers(table, 1 + this.heads).fill(0);
    return found;
  }
}
