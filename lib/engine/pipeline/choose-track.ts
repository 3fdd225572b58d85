import { isAbort, isAppError } from '@/lib/core';
import { type MediaInfo, SAMPLE_RATE_HZ } from '@/lib/engine/audio';
import type { Stages } from './transcribe';

/** Tracks are compared over this much of their beginning, in seconds; then over all of the longer. */
const LOOKS_SECONDS = [60, 300];
/** A track whose first look finds this share of it to be speech is not compared with others. */
const PLENTY = 0.2;
/** Less speech than this, in seconds, may be an error of the VAD. */
const MIN_SECONDS = 1;
/** The default track stays unless it has less than this share of the speech of another. */
const CLEARLY_LESS = 0.3;
/** More tracks than this are not listened to. */
const MAX_TRACKS = 12;

/**
 * Finds the audio track to transcribe: the default one, unless there is hardly any speech in it
 * and far more in another. Of several with speech (languages, commentaries) the default one stays.
 * @returns the track's index
 */
export async function chooseTrack(
  source: Blob,
  audioTracks: MediaInfo['audioTracks'],
  stages: Pick<Stages, 'decoder' | 'segmenter'>,
  signal: AbortSignal,
): Promise<number> {
  const preferred = Math.max(
    audioTracks.findIndex(({ isDefault }) => isDefault),
    0,
  );
  const others = audioTracks.map((_, index) => index).filter((index) => index !== preferred);
  const order = [preferred, ...others].slice(0, MAX_TRACKS);
  for (const lookSeconds of LOOKS_SECONDS) {
    const found: { track: number; seconds: number }[] = [];
    for (const track of order) {
      const seconds = await speechSeconds(source, track, lookSeconds, stages, signal);
      if (track === preferred && seconds >= lookSeconds * PLENTY) return track;
      found.push({ track, seconds });
    }
    const own = found[0]?.seconds ?? 0;
    const best = found.reduce((most, one) => (one.seconds > most.seconds ? one : most));
    if (best.seconds >= MIN_SECONDS)
      return own < best.seconds * CLEARLY_LESS ? best.track : preferred;
  }
  return preferred;
}

/** How much speech the VAD finds at the beginning of a track; none in one that cannot be read. */
async function speechSeconds(
  source: Blob,
  track: number,
  lookSeconds: number,
  { decoder, segmenter }: Pick<Stages, 'decoder' | 'segmenter'>,
  signal: AbortSignal,
): Promise<number> {
  const segments = await segmenter.open(null, signal);
  try {
    const session = await decoder.open(source, { startSample: 0, track, signal });
    try {
      let samples = 0;
      const count = (speech: { startSample: number; endSample: number }[]) => {
        for (const { startSample, endSample } of speech) samples += endSample - startSample;
      };
      for (let end = 0; end < lookSeconds * SAMPLE_RATE_HZ; ) {
        const chunk = await session.read(signal);
        if (!chunk) break;
        end = chunk.startSample + chunk.pcm.length;
        count(await segments.push(chunk, signal));
      }
      count(await segments.finish(signal));
      return samples / SAMPLE_RATE_HZ;
    } finally {
      await session.close();
    }
  } catch (error) {
    if (isAbort(error) || !isAppError(error) || error.fatal) throw error;
    // a track that is damaged, or of an unknown codec, is not taken
    if (error.code.startsWith('DECODE_')) return 0;
    throw error;
  } finally {
    await segments.close();
  }
}
