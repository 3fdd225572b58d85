import { averageLinkage, clustersWithin, cutInto, type Merge, product } from './average-linkage';
import { oneSpeakerDistance } from './one-speaker-distance';
import type { DiarisedWindow, SpeakerCount, Voice } from './types';

/** Speakers with a smaller share of the speech are none: a cough, a jingle, two voices at once. */
const MIN_SHARE = 0.03;
/** Frames alone that an embedding needs to take part in the clustering, where there are enough of them. */
const SURE_SECONDS = 1.5;
/** Vectors that are clustered: the longest. Distances take memory by the square of it (18 MB). */
const MAX_CLUSTERED = 3000;
/** Further cuts tried to find so many speakers that are more than crumbs. */
const MAX_MORE_CUTS = 60;

/** A voice of one window, and when it speaks. */
interface VoiceSpan {
  voice: Voice;
  window: number;
  /** Frames of the recording. */
  firstFrame: number;
  lastFrame: number;
  /** Frames in which it speaks, alone or not. */
  frames: number;
}

/**
 * Which voices of which windows are the same speaker's. All embeddings are clustered at once, when it is
 * made; asking for another number of speakers takes milliseconds.
 */
export class SpeakerIdentities {
  private readonly voices: VoiceSpan[];
  private readonly clustered: VoiceSpan[];
  private readonly merges: Merge[];
  /** Mean cosine distance up to which voices are one speaker's, where the number is not known. */
  private readonly maxDistance: number;

  constructor(
    private readonly windows: readonly DiarisedWindow[],
    frameSeconds: number,
    joinFactor: number,
  ) {
    this.voices = windows.flatMap(voicesIn);
    const embedded = this.voices.filter(({ voice }) => voice.embedding !== null);
    const sure = embedded.filter(({ voice }) => voice.soloFrames * frameSeconds >= SURE_SECONDS);
    const longest = [...(sure.length > 1 ? sure : embedded)]
      .sort((a, b) => b.voice.soloFrames - a.voice.soloFrames)
      .slice(0, MAX_CLUSTERED);
    this.clustered = longest.sort((a, b) => a.firstFrame - b.firstFrame);
    this.merges = averageLinkage(this.clustered.map(embeddingOf));
    this.maxDistance = oneSpeakerDistance(
      this.clustered.map((one) => ({ ...one, embedding: embeddingOf(one) })),
      frameSeconds,
      joinFactor,
    );
  }

  /**
   * @returns for each window the speaker of each of its voices, numbered by first appearance;
   * `null` for one that does not speak
   */
  identify(count: SpeakerCount): (number | null)[][] {
    const speakers = new Map<VoiceSpan, number>();
    if (this.clustered.length > 0) this.assign(this.clustersFor(count), speakers);
    else for (const one of this.voices) speakers.set(one, 0);
    return this.numbered(speakers);
  }

  /** The cluster of each embedded voice; crumbs have none. */
  private clustersFor(count: SpeakerCount): Map<VoiceSpan, number> {
    const clusters = this.cutFor(count);
    const centres = centresOf(clusters);
    const inClustering = new Set(this.clustered);
    for (const one of this.voices)
      if (one.voice.embedding && !inClustering.has(one))
        clusters.set(one, nearestCentre(one.voice.embedding, centres));
    return clusters;
  }

  private cutFor(count: SpeakerCount): Map<VoiceSpan, number> {
    if (count !== 'auto' && 'exact' in count) return this.exactly(count.exact);
    const found = this.cut(clustersWithin(this.merges, this.maxDistance));
    const number = new Set(found.values()).size;
    if (count === 'auto') return found;
    const wanted = Math.min(Math.max(number, count.min), count.max);
    return wanted === number ? found : this.exactly(wanted);
  }

  /** This many clusters that are more than crumbs; where no cut has them, this many clusters. */
  private exactly(wanted: number): Map<VoiceSpan, number> {
    const most = this.clustered.length;
    const first = Math.min(Math.max(1, wanted), most);
    for (let clusters = first; clusters <= Math.min(most, first + MAX_MORE_CUTS); clusters++) {
      const found = this.cut(clusters);
      if (new Set(found.values()).size === wanted) return found;
    }
    return new Map(this.labelled(first));
  }

  /** The cluster of each voice of the clustering when this many are left, without crumbs. */
  private cut(clusters: number): Map<VoiceSpan, number> {
    return withoutCrumbs(this.labelled(clusters));
  }

  private labelled(clusters: number): [VoiceSpan, number][] {
    const labels = cutInto(this.merges, clusters);
    return this.clustered.map((one, at) => [one, labels[at] ?? 0]);
  }

  /** Gives those without a cluster the speaker of the voice closest in time. */
  private assign(clusters: ReadonlyMap<VoiceSpan, number>, speakers: Map<VoiceSpan, number>): void {
    const known = this.voices.filter((one) => clusters.has(one));
    let next = 0;
    for (const one of this.voices) {
      const own = clusters.get(one);
      if (own !== undefined) {
        speakers.set(one, own);
        continue;
      }
      while (next < known.length && (known[next]?.window ?? 0) < one.window) next++;
      const closest = closestInTime(one, known, next);
      speakers.set(one, (closest && clusters.get(closest)) ?? 0);
    }
  }

  private numbered(speakers: ReadonlyMap<VoiceSpan, number>): (number | null)[][] {
    const numbers = new Map<number, number>();
    for (const one of [...this.voices].sort((a, b) => a.firstFrame - b.firstFrame)) {
      const speaker = speakers.get(one) ?? 0;
      if (!numbers.has(speaker)) numbers.set(speaker, numbers.size);
    }
    const table = this.windows.map(({ voices }) => voices.map((): number | null => null));
    for (const one of this.voices) {
      const { voices = [] } = this.windows[one.window] ?? {};
      const row = table[one.window];
      if (row) row[voices.indexOf(one.voice)] = numbers.get(speakers.get(one) ?? 0) ?? 0;
    }
    return table;
  }
}

function voicesIn({ startFrame, activity, voices }: DiarisedWindow, window: number): VoiceSpan[] {
  return voices.flatMap((voice, at) => {
    const bit = 1 << at;
    let first = -1;
    let last = -1;
    let frames = 0;
    for (const [frame, bits] of activity.entries()) {
      if ((bits & bit) === 0) continue;
      if (first < 0) first = frame;
      last = frame;
      frames++;
    }
    return frames === 0
      ? []
      : [{ voice, window, firstFrame: startFrame + first, lastFrame: startFrame + last, frames }];
  });
}

const embeddingOf = ({ voice }: VoiceSpan) => voice.embedding ?? new Float32Array(0);

/** Leaves out the clusters that have hardly any of the speech; the largest one always stays. */
function withoutCrumbs(labelled: readonly [VoiceSpan, number][]): Map<VoiceSpan, number> {
  const frames = new Map<number, number>();
  let all = 0;
  for (const [one, cluster] of labelled) {
    frames.set(cluster, (frames.get(cluster) ?? 0) + one.frames);
    all += one.frames;
  }
  const most = Math.max(...frames.values());
  const isCrumb = (cluster: number) => {
    const own = frames.get(cluster) ?? 0;
    return own < most && own < MIN_SHARE * all;
  };
  return new Map(labelled.filter(([, cluster]) => !isCrumb(cluster)));
}

function centresOf(clusters: ReadonlyMap<VoiceSpan, number>): Map<number, Float32Array> {
  const centres = new Map<number, Float32Array>();
  for (const [{ voice }, cluster] of clusters) {
    const { embedding } = voice;
    if (!embedding) continue;
    const sum = centres.get(cluster) ?? new Float32Array(embedding.length);
    for (const [at, value] of embedding.entries()) sum[at] = (sum[at] ?? 0) + value;
    centres.set(cluster, sum);
  }
  for (const sum of centres.values()) {
    const length = Math.sqrt(product(sum, sum)) || 1;
    for (const [at, value] of sum.entries()) sum[at] = value / length;
  }
  return centres;
}

function nearestCentre(
  embedding: Float32Array,
  centres: ReadonlyMap<number, Float32Array>,
): number {
  let nearest = 0;
  let best = Number.NEGATIVE_INFINITY;
  for (const [cluster, centre] of centres) {
    const likeness = product(embedding, centre);
    if (likeness > best) {
      best = likeness;
      nearest = cluster;
    }
  }
  return nearest;
}

/** @param known in the order of their windows; @param next the first of them in this window or later */
function closestInTime(
  one: VoiceSpan,
  known: readonly VoiceSpan[],
  next: number,
): VoiceSpan | undefined {
  let closest: VoiceSpan | undefined;
  let least = Number.POSITIVE_INFINITY;
  const look = (at: number): boolean => {
    const other = known[at];
    if (!other) return false;
    const gap = Math.max(other.firstFrame - one.lastFrame, one.firstFrame - other.lastFrame);
    if (gap < least) {
      least = gap;
      closest = other;
    }
    // windows overlap with the next ones only: what lies further away cannot be closer
    return Math.abs(other.window - one.window) <= 2 || closest === undefined;
  };
  for (let at = next; look(at); at++);
  for (let at = next - 1; look(at); at--);
  return closest;
}
