/**
 * The classes of a powerset segmentation: nobody, each speaker alone, each pair, and so on up to
 * `atOnce` speakers; sets of one size in lexicographic order (Plaquet and Bredin 2023).
 * @returns for each class its speakers as bits
 */
export function powersetClasses(speakers: number, atOnce: number): number[] {
  const classes: number[] = [];
  const extend = (bits: number, from: number, missing: number) => {
    if (missing === 0) {
      classes.push(bits);
      return;
    }
    for (let speaker = from; speaker < speakers; speaker++)
      extend(bits | (1 << speaker), speaker + 1, missing - 1);
  };
  for (let size = 0; size <= atOnce; size++) extend(0, 0, size);
  return classes;
}

/**
 * The most likely class of each frame, as the speakers' bits.
 * @param scores [frames, classes]; logits or log probabilities
 */
export function decodePowerset(
  scores: Float32Array,
  classes: readonly number[],
): Uint8Array<ArrayBuffer> {
  const frames = scores.length / classes.length;
  const activity = new Uint8Array(frames);
  for (let frame = 0, at = 0; frame < frames; frame++) {
    let best = Number.NEGATIVE_INFINITY;
    for (const bits of classes) {
      const score = scores[at++] ?? 0;
      if (score > best) {
        best = score;
        activity[frame] = bits;
      }
    }
  }
  return activity;
}
