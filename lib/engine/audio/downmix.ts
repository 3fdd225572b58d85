const HALF_POWER = Math.SQRT1_2;

/**
 * Shares of the channels before they are scaled to sum to 1, by channel count, in the order in
 * which decoders give them (L, R, C, LFE, sides or backs). After ITU-R BS.775: the centre, where
 * speech is, counts as much as both fronts together; surrounds less; the LFE carries no speech.
 * Other counts have no usual order: all channels count alike.
 */
const SHARES: Readonly<Record<number, readonly number[]>> = {
  // L R C
  3: [HALF_POWER, HALF_POWER, 1],
  // L R C LFE SL SR
  6: [HALF_POWER, HALF_POWER, 1, 0, 0.5, 0.5],
  // L R C LFE BC SL SR
  7: [HALF_POWER, HALF_POWER, 1, 0, 0.5, 0.5, 0.5],
  // L R C LFE BL BR SL SR
  8: [HALF_POWER, HALF_POWER, 1, 0, 0.5, 0.5, 0.5, 0.5],
};

/**
 * The weight of each channel in the mono mix. They sum to 1, so the mix cannot clip and a signal
 * that is the same in all channels (but the LFE) keeps its level.
 */
export function downmixWeights(channels: number): readonly number[] {
  const shares = SHARES[channels] ?? new Array<number>(channels).fill(1);
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map((share) => share / sum);
}

/**
 * Adds `weight * plane` to `mono`, or sets it when this is the first plane. Called channel by
 * channel, so that one plane's buffer serves them all.
 */
export function mixPlane(
  mono: Float32Array,
  plane: Float32Array,
  weight: number,
  first: boolean,
): void {
  const length = mono.length;
  if (first) {
    for (let i = 0; i < length; i++) mono[i] = (plane[i] ?? 0) * weight;
  } else {
    for (let i = 0; i < length; i++) mono[i] = (mono[i] ?? 0) + (plane[i] ?? 0) * weight;
  }
}
