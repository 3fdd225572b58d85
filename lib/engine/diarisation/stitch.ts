import type { HeardWindow } from './types';

/** Frames of the recording [from, to) in which a speaker speaks. */
export interface FrameSpan {
  speaker: number;
  from: number;
  to: number;
}

/**
 * Who speaks in each frame, of windows that overlap: what a window says of a frame counts by how far
 * the frame lies from the window's ends, since a network knows least there.
 * @param speakers for each window the speaker of each voice
 * @param joinFrames shorter pauses of a speaker are none
 * @returns in the order of their starts
 */
export function stitch(
  windows: readonly HeardWindow[],
  speakers: readonly (readonly (number | null)[])[],
  joinFrames: number,
): FrameSpan[] {
  const spans: FrameSpan[] = [];
  const open = new Map<number, FrameSpan>();
  let first = 0;
  const end = windows.reduce((most, window) => Math.max(most, endOf(window)), 0);
  for (let frame = windows[0]?.startFrame ?? 0; frame < end; frame++) {
    while (first < windows.length && endOf(windows[first]) <= frame) first++;
    for (const speaker of speakersAt(frame, first, windows, speakers)) {
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

function endOf(window: HeardWindow | undefined): number {
  return window ? window.startFrame + window.activity.length : 0;
}

/** Speakers that have half of the weight of all windows over this frame. */
function speakersAt(
  frame: number,
  first: number,
  windows: readonly HeardWindow[],
  speakers: readonly (readonly (number | null)[])[],
): number[] {
  let whole = 0;
  const weights = new Map<number, number>();
  for (let at = first; at < windows.length; at++) {
    const window = windows[at];
    if (!window || window.startFrame > frame) break;
    const place = frame - window.startFrame;
    const left = window.activity.length - place;
    if (left <= 0) continue;
    const weight = Math.min(place + 1, left);
    whole += weight;
    const bits = window.activity[place] ?? 0;
    const here = new Set<number>();
    for (const [voice, speaker] of (speakers[at] ?? []).entries())
      if (speaker !== null && (bits & (1 << voice)) !== 0) here.add(speaker);
    for (const speaker of here) weights.set(speaker, (weights.get(speaker) ?? 0) + weight);
  }
  const heard = [...weights].filter(([, weight]) => 2 * weight >= whole);
  return heard.map(([speaker]) => speaker);
}
