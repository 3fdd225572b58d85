import { product } from './average-linkage';

/** A voice in one window. */
export interface PlacedVoice {
  /** Of length 1. */
  embedding: Float32Array;
  /** Frames of the recording. */
  firstFrame: number;
  lastFrame: number;
}

/** Voices are compared with the next one, where it begins so soon after them. */
const NEXT_SECONDS = 1;
/** Of these distances: most of the pairs may be of two speakers. */
const NEXT_QUANTILE = 0.25;
/** A tenth of all voices, wherever they are, is not much further away than this many times as much. */
const LIKE_SHARE = 0.1;
const LIKE_FACTOR = 1.1;
/** Voices for which those like them are looked for. */
const MAX_LOOKS = 300;
/** With fewer pairs this is taken, about half way between one speaker and two in published embeddings. */
const MIN_PAIRS = 4;
const USUAL_DISTANCE = 0.5;
/** What rounding makes of equal voices. */
const LEAST_DISTANCE = 0.01;

/**
 * Up to which mean cosine distance voices are one speaker's, as this recording and these embeddings have it:
 * no number fits to all of them. Two views of how far a voice is from itself, of which the smaller counts. People mostly
 * go on speaking, so that voices which follow each other are mostly the same one's; and most voices come
 * again.
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

/** Of a typical voice to the tenth of the others that is most like it. */
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
