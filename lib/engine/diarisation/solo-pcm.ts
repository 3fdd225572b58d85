/**
 * The samples in which one voice of a window speaks alone, put together.
 * @param activity a byte for each frame of the window
 * @param frameSamples samples of a frame; `offsetSamples`: where in the window frame 0 begins
 * @param maxSamples the middle is taken of more
 */
export function soloPcm(
  pcm: Float32Array,
  activity: Uint8Array,
  voice: number,
  { frameSamples, offsetSamples }: { frameSamples: number; offsetSamples: number },
  maxSamples: number,
): Float32Array {
  const alone = 1 << voice;
  const frames: number[] = [];
  for (const [frame, bits] of activity.entries()) if (bits === alone) frames.push(frame);
  const wanted = Math.floor(maxSamples / frameSamples);
  const first = Math.max(0, Math.floor((frames.length - wanted) / 2));
  const kept = frames.slice(first, first + wanted);
  const solo = new Float32Array(kept.length * frameSamples);
  for (const [at, frame] of kept.entries()) {
    const from = offsetSamples + frame * frameSamples;
    solo.set(pcm.subarray(from, from + frameSamples), at * frameSamples);
  }
  return solo;
}
