import { STRETCH_REACH, stretch } from './time-stretch';
import type { ChannelBlock } from './types';

/** The clock is compared at positions this far apart; between two of them the sound runs evenly. */
const INTERVAL_SECONDS = 1;
/** Packet times are averaged over this span before and after a position, to cancel out jitter. */
const WINDOW_SECONDS = 2;
/** Sound may be this far off the clock: inaudible, and too little to matter in the text. */
const DEAD_BAND_SECONDS = 0.01;
/** Sound is stretched or squeezed by no more than this share. */
const MAX_STRETCH = 0.1;
/** A gap is at least this long, and at least half a packet. */
const MIN_GAP_SECONDS = 0.01;
/** A clock that steps further than these, ahead or back, has restarted. */
export const MAX_GAP_SECONDS = 12 * 3600;
const MAX_STEP_BACK_SECONDS = 1;
/** With fewer packets than this in sight, drift and jitter cannot be distinguished. */
const MIN_FIT_PACKETS = 8;

/** How much must be known after a position before its sound is released. */
export const LOOK_AHEAD_SECONDS = INTERVAL_SECONDS + 2 * WINDOW_SECONDS;

/** Whether a permanent step of the clock ahead is a gap. */
export function isGap(stepSeconds: number, packetSeconds: number): boolean {
  return stepSeconds > Math.max(MIN_GAP_SECONDS, packetSeconds / 2);
}

/** Samples of each channel in a block. */
export const blockLength = ({ planes }: ChannelBlock): number => planes[0]?.length ?? 0;

/** A packet: its first sample, and where the clock puts it; both in samples. */
interface Mark {
  joined: number;
  clock: number;
  /** The first after a step of the clock. */
  isStep: boolean;
}

/**
 * Keeps sound whole and true to a clock whose times jitter or drift, as those of telephones, cameras and
 * screen recorders do. Sound comes in joined sample by sample, with a mark for each packet's time on the
 * clock. While the two agree, it passes through unchanged. Where they drift apart by more than the dead band,
 * a second of sound is stretched or squeezed to bring them together again. There is a gap only where the
 * clock steps ahead and stays there.
 *
 * The output depends on sound and marks alone, not on how and when they arrive.
 */
export class ClockFollower {
  readonly #rateHz: number;
  readonly #interval: number;
  readonly #window: number;
  /** Marks within reach of the sound that comes next. */
  #marks: Mark[] = [];
  /** How many of the marks are known to be steps or not. */
  #decided = 0;
  /** Sound not released yet, with some before it. */
  #blocks: ChannelBlock[] = [];
  readonly #done: ChannelBlock[] = [];
  #received = 0;
  #ended = false;
  /** Up to where sound was released, in joined samples; `null` before the first mark. */
  #from: number | null = null;
  /** The first sample since the clock last stepped. */
  #begun = 0;
  /** Added to joined samples to place them on the clock; a whole number. */
  #offset = 0;
  /** How far the clock has jumped at restarts, in all. */
  #restartSteps = 0;

  /** @param rateHz of the sound */
  constructor(rateHz: number) {
    this.#rateHz = rateHz;
    this.#interval = Math.round(INTERVAL_SECONDS * rateHz);
    this.#window = Math.round(WINDOW_SECONDS * rateHz);
  }

  /**
   * Notes where the clock puts a packet; in order, and before its sound is added.
   * @param joined the packet's first sample, counted from the first of all
   */
  mark(joined: number, clockSeconds: number): void {
    const clock = clockSeconds * this.#rateHz - this.#restartSteps;
    const last = this.#marks.at(-1);
    if (last?.joined === joined) last.clock = clock;
    else this.#marks.push({ joined, clock, isStep: false });
  }

  /** Adds sound; `position` counts joined samples. The first may be left out. */
  add(block: ChannelBlock): void {
    this.#blocks.push(block);
    this.#received = block.position + blockLength(block);
    this.#advance();
  }

  /** No more sound follows. */
  end(): void {
    this.#ended = true;
    if (this.#marks.length === 0) this.mark(0, 0);
    this.#advance();
  }

  /** The next sound that is ready; `position` counts samples of the clock. */
  take(): ChannelBlock | null {
    return this.#done.shift() ?? null;
  }

  #advance(): void {
    for (;;) {
      const from = this.#from ?? this.#marks[0]?.joined;
      if (from === undefined || (this.#ended && from >= this.#received)) return;
      // the drift at the end of the interval takes one window to see, and a step in that window takes another
      const seen = Math.min(this.#received, this.#marks.at(-1)?.joined ?? 0);
      if (!this.#ended && seen < from + this.#interval + 2 * this.#window) return;
      this.#decide(from + this.#interval + this.#window);
      if (this.#from === null) this.#begin(from, 0);
      const step = this.#marks.find(({ joined, isStep }) => isStep && joined > from);
      const to = Math.min(from + this.#interval, step?.joined ?? this.#received, this.#received);
      this.#give(from, to);
      this.#from = to;
      if (step?.joined === to) this.#begin(to, to + this.#offset);
      this.#forget(to);
    }
  }

  /** Finds the steps among the marks up to a position. */
  #decide(to: number): void {
    for (; this.#decided < this.#marks.length; this.#decided++) {
      const mark = this.#marks[this.#decided];
      if (!mark || mark.joined > to) return;
      const step = this.#stepAt(this.#decided, mark);
      const startsAgain =
        step > MAX_GAP_SECONDS * this.#rateHz || step < -MAX_STEP_BACK_SECONDS * this.#rateHz;
      if (startsAgain) {
        this.#restartSteps += step;
        for (const later of this.#marks.slice(this.#decided)) later.clock -= step;
      } else mark.isStep = step > 0;
    }
  }

  /**
   * How far the clock steps at a mark, in samples: the times of all packets after it are apart
   * from the times of all before it. 0 where they are not.
   */
  #stepAt(at: number, { joined }: Mark): number {
    const before: number[] = [];
    for (let i = at - 1; i >= 0; i--) {
      const mark = this.#marks[i];
      if (!mark || mark.joined <= joined - this.#window) break;
      before.push(mark.clock - mark.joined);
      if (mark.isStep) break;
    }
    const after: number[] = [];
    for (let i = at; i < this.#marks.length; i++) {
      const mark = this.#marks[i];
      if (!mark || mark.joined > joined + this.#window) break;
      after.push(mark.clock - mark.joined);
    }
    const packet = joined - (this.#marks[at - 1]?.joined ?? joined);
    if (before.length === 0) return 0;
    const ahead = Math.min(...after) - Math.max(...before);
    if (isGap(ahead / this.#rateHz, packet / this.#rateHz)) return ahead;
    return Math.min(0, Math.max(...after) - Math.min(...before));
  }

  /** Starts following the clock at the first mark, or after a step. */
  #begin(from: number, notBefore: number): void {
    this.#begun = from;
    const mark = this.#marks.find(({ joined }) => joined === from);
    const fitted = this.#lag(from);
    const own = mark ? mark.clock - mark.joined : fitted;
    const lag = Math.abs(own - fitted) > DEAD_BAND_SECONDS * this.#rateHz ? fitted : own;
    this.#offset = Math.round(lag);
    if (this.#from !== null) this.#offset = Math.max(this.#offset, notBefore - from);
    this.#from = from;
  }

  /**
   * How far the clock is ahead of the joined sound at a position, by a line fitted to the marks around it.
   */
  #lag(place: number): number {
    let n = 0;
    let x = 0;
    let y = 0;
    let xx = 0;
    let xy = 0;
    const first = Math.max(this.#begun, place - this.#window);
    for (const mark of this.#marks) {
      if (mark.joined < first) continue;
      if (mark.joined > place + this.#window || (mark.isStep && mark.joined > this.#begun)) break;
      const at = mark.joined - place;
      const lag = mark.clock - mark.joined;
      n += 1;
      x += at;
      y += lag;
      xx += at * at;
      xy += at * lag;
    }
    if (n === 0) return this.#offset;
    const spread = n * xx - x * x;
    if (n < MIN_FIT_PACKETS || spread === 0) return y / n;
    return (y * xx - x * xy) / spread;
  }

  /** Releases the sound of [from, to), moved towards the clock where it is off. */
  #give(from: number, to: number): void {
    const length = to - from;
    if (length === 0) return;
    const off = this.#lag(to) - this.#offset;
    const most = Math.floor(length * MAX_STRETCH);
    const isOff = Math.abs(off) > DEAD_BAND_SECONDS * this.#rateHz;
    const change = isOff ? Math.max(-most, Math.min(most, Math.round(off))) : 0;
    if (change === 0) {
      for (const block of this.#blocks) {
        const start = Math.max(0, from - block.position);
        const end = Math.min(blockLength(block), to - block.position);
        if (start >= end) continue;
        this.#emit(
          block.position + start,
          block.planes.map((plane) => plane.subarray(start, end)),
        );
      }
    } else {
      const around = this.#around(from - STRETCH_REACH, length + 2 * STRETCH_REACH);
      this.#emit(
        from,
        around.map((plane) => stretch(plane, length + change)),
      );
    }
    this.#offset += change;
  }

  /** Each channel's samples at a position, with silence where there are none. */
  #around(start: number, length: number): Float32Array[] {
    const channels = this.#blocks[0]?.planes.length ?? 0;
    const planes = Array.from({ length: channels }, () => new Float32Array(length));
    for (const { position, planes: given } of this.#blocks)
      planes.forEach((plane, channel) => {
        const part = given[channel]?.subarray(
          Math.max(0, start - position),
          Math.max(0, start + length - position),
        );
        if (part && part.length > 0) plane.set(part, Math.max(0, position - start));
      });
    return planes;
  }

  #emit(joined: number, planes: Float32Array[]): void {
    this.#done.push({ position: joined + this.#offset, rateHz: this.#rateHz, planes });
  }

  /** Drops what no later position needs. */
  #forget(place: number): void {
    const needed = place - STRETCH_REACH;
    this.#blocks = this.#blocks.filter((block) => block.position + blockLength(block) > needed);
    const kept = this.#marks.findIndex(({ joined }) => joined >= place - this.#window);
    // a step stays with the marks after it, which are read from there
    if (kept <= 0) return;
    this.#marks = this.#marks.slice(kept);
    this.#decided = Math.max(0, this.#decided - kept);
  }
}
