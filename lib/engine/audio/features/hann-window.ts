/**
 * Hann window: a raised cosine from 0 to 1 and back.
 * @param periodic one period of `length` samples (the last is not 0 again), as for a spectrogram;
 * otherwise symmetric, both ends 0
 */
export function hannWindow(length: number, periodic: boolean): Float64Array {
  const period = periodic ? length : length - 1;
  return Float64Array.from(
    { length },
    (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / period),
  );
}
