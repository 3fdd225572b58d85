import type { DiarisedWindow } from './types';

/** Frames of the recording [from, to) in which a speaker speaks. */
export interface FrameSpan {
  speaker: number;
  from: number;
  to: number;
}

/**
 * Who speaks in each frame, from windows that overlap: what a window says of a frame is weighted by how far
 * the frame lies from the window's ends, where a network knows least. A speaker speaks where windows with
 * half of the weight say so.
 * @param windows in the order of their starts
 * @param speakers for each window the speaker of each voice
 * @param joinFrames shorter pauses of a speaker are closed
 * @returns in the order of their starts
 */
export function stitch(
  windows: readonly DiarisedWindow[],
  speakers: readonly (readonly (number | null)[])[],
  joinFrames: number,
): FrameSpan[] {
  const tables = speakers.map((voices) => speakersByBits(voices));
  const count = speakers.flat().reduce<number>((most, one) => Math.max(most, (one ?? -1) + 1), 0);
  const weights = new Float64Array(count);
  const open = new Map<number, FrameSpan>();
  const spans: FrameSpan[] = [];
  let first = 0;
  const end = windows.reduce((most, window) => Math.max(most, endOf(window)), 0);
  for (let frame = windows[0]?.startFrame ?? 0; frame < end; frame++) {
    while (first < windows.length && endOf(windows[first]) <= frame) first++;
    weights.fill(0);
    let whole = 0;
    for (let at = first; at < windows.length; at++) {
      const window = windows[at];
      if (!window || window.startFrame > frame) break;
      const place = frame - window.startFrame;
      const weight = Math.min(place + 1, window.activity.length - place);
      if (weight <= 0) continue;
      whole += weight;
      for (const speaker of tables[at]?.(window.activity[place] ?? 0) ?? [])
        weights[speaker] = (weights[speaker] ?? 0) + weight;
    }
    for (const [speaker, weight] of weights.entries()) {
      if (weight === 0 || 2 * weight < whole) continue;
      const span = open.get(speaker);
      if (span && frame - span.to < joinFrames) {
        span.to = frame + 1;
        continue;
      }
      const begun = { speaker, from: frame, to: frame + 1 };
      open.set(speaker, begun);
      spans.push(begun);
    }
  }
  return spans;
}

function endOf(window: DiarisedWindow | undefined): number {
  return window ? window.startFrame + window.activity.length : 0;
}

/** Gives the speakers, each once, of a set of a window's voices, which is a number with a bit for each. */
function speakersByBits(voices: readonly (number | null)[]): (bits: number) => readonly number[] {
  const known = new Map<number, readonly number[]>();
  return (bits) => {
    const found = known.get(bits);
    if (found) return found;
    const speaking = voices.filter((_, voice) => (bits & (1 << voice)) !== 0);
    const set = [...new Set(speaking)].filter((speaker) => speaker !== null);
    known.set(bits, set);
    return set;
  };
}
