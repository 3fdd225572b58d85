/** How voices of a window are cut, in frames. */
export interface SplitLengths {
  /** No shorter part is cut off. */
  least: number;
  /** A part that is long enough is cut where the voice pauses this long. */
  pause: number;
  /** A part this long is cut even without a pause. */
  most: number;
}

/** Parts of all voices of a window: a bit for each, below the sign. */
const MAX_PARTS = 31;

/**
 * Cuts the voices of a window into parts, each of which is identified by itself: a network now and then takes
 * two people who sound alike for one voice, and one embedding of both is like neither of them.
 * @param activity a byte for each frame, in which bit v is set while voice v speaks
 * @returns for each frame a bit for each part that speaks, and the number of parts
 */
export function splitVoices(
  activity: Uint8Array,
  voices: number,
  lengths: SplitLengths,
): { activity: Uint32Array<ArrayBuffer>; parts: number } {
  const split = new Uint32Array(activity.length);
  let parts = 0;
  for (let voice = 0; voice < voices; voice++) {
    const spans = spansOf(activity, voice, lengths).slice(
      0,
      MAX_PARTS - parts - (voices - voice - 1),
    );
    for (const [at, from] of spans.entries()) {
      const to = spans[at + 1] ?? activity.length;
      for (let frame = from; frame < to; frame++)
        if (((activity[frame] ?? 0) & (1 << voice)) !== 0)
          split[frame] = (split[frame] ?? 0) | (1 << parts);
      parts++;
    }
  }
  return { activity: split, parts };
}

/** First frames of the parts of a voice: one at least. */
function spansOf(
  activity: Uint8Array,
  voice: number,
  { least, pause, most }: SplitLengths,
): number[] {
  const alone = 1 << voice;
  const starts = [0];
  let isAtPause = true;
  let frames = 0;
  let last = 0;
  for (const [frame, bits] of activity.entries()) {
    if ((bits & alone) === 0) continue;
    const pauses = frame - last - 1 >= pause;
    if (frames >= least && (pauses || frames >= most)) {
      starts.push(frame);
      isAtPause = pauses;
      frames = 0;
    }
    if (bits === alone) frames++;
    last = frame;
  }
  // the rest of what was cut without a pause
  if (!isAtPause && frames < least) starts.pop();
  return starts;
}
