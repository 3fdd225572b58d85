import { product } from './average-linkage';

/** A voice in one window. */
export interface PlacedVoice {
  /** Of length 1. */
  embedding: Float32Array;
  /** Frames of the recording. */
  firstFrame: number;
  lastFrame: number;
}

/** A voice is compared with the next one if that begins within this time. */
const NEXT_SECONDS = 1;
/** Of these distances: most of the pairs may be of two speakers. */
const NEXT_QUANTILE = 0.25;
/** A tenth of all voices, wherever they are, is at most about this many times further away. */
const LIKE_SHARE = 0.1;
const LIKE_FACTOR = 1.1;
/** The most voices for which similar ones are looked for. */
const MAX_LOOKS = 300;
/** With fewer pairs, a usual distance: about half way between one speaker and two in published embeddings. */
const MIN_PAIRS = 4;
const USUAL_DISTANCE = 0.5;
/** What rounding makes of equal voices. */
const LEAST_DISTANCE = 0.01;

/**
 * Estimates the mean cosine distance up to which voices are one speaker's, for this recording and these
 * embeddings: no number fits all of them. It takes the smaller of two measures of how far a speaker's voices
 * are apart. People mostly go on speaking, so voices that follow each other are mostly of one speaker; and
 * most voices come again, so the most similar of the others are mostly of the same speaker.
 * @param voices in the order of their starts
 * @param factor how much further away voices of one speaker may be
 */
export function oneSpeakerDistance(
  voices: readonly PlacedVoice[],
  frameSeconds: number,
  factor: number,
): number {
  const next = distancesToNext(voices, NEXT_SECONDS / frameSeconds);
  if (next.length < MIN_PAIRS) return USUAL_DISTANCE;
  const spread = Math.min(quantile(next, NEXT_QUANTILE), LIKE_FACTOR * distanceToLike(voices));
  return Math.max(factor * spread, LEAST_DISTANCE);
}

function distancesToNext(voices: readonly PlacedVoice[], nextFrames: number): number[] {
  return voices.flatMap((voice, at) => {
    let next = at + 1;
    while ((voices[next]?.firstFrame ?? Number.POSITIVE_INFINITY) <= voice.lastFrame) next++;
    const other = voices[next];
    const isSoon = other !== undefined && other.firstFrame - voice.lastFrame <= nextFrames;
    return isSoon ? [distance(voice, other)] : [];
  });
}

/** For a typical voice, the distance within which the most similar tenth of the others lies. */
function distanceToLike(voices: readonly PlacedVoice[]): number {
  const step = Math.ceil(voices.length / MAX_LOOKS);
  const found: number[] = [];
  for (let at = 0; at < voices.length; at += step) {
    const voice = voices[at];
    if (!voice) break;
    // voices of overlapping windows are alike because their sound is the same
    const apart = voices.filter(
      (other) => other.firstFrame > voice.lastFrame || other.lastFrame < voice.firstFrame,
    );
    if (apart.length > 0)
      found.push(
        quantile(
          apart.map((other) => distance(voice, other)),
          LIKE_SHARE,
        ),
      );
  }
  return quantile(found, 0.5);
}

const distance = (a: PlacedVoice, b: PlacedVoice) => 1 - product(a.embedding, b.embedding);

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.round(share * (sorted.length - 1))] ?? 0;
}
