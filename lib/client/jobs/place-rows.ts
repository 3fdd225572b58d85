import { type JobRecord, trackSpeakerId } from '@/lib/client/store';
import {
  assembleSegment,
  type Interleaving,
  interleave,
  NOTHING_SAID,
  type TranscribedSpeech,
} from '@/lib/engine/pipeline';
import type { TranscriptSegment } from '@/lib/transcript';

/** A row without its id. */
type PlacedRow = Omit<TranscriptSegment, 'id'>;

/** Turns recognised speech into rows of the transcript. */
export interface RowPlacer {
  /**
   * @param untilMs this call completes all speech that begins earlier; infinite: there is no more
   * @returns the next rows, as far as they are final, and the state to store with them
   */
  place(
    speech: readonly TranscribedSpeech[],
    untilMs: number,
  ): { rows: PlacedRow[]; untilMs: number; interleaving: Interleaving };
}

/** Most speech that is held back until nobody speaks: a second pass replaces everything up to there in one batch. */
const MAX_WAITING = 100;

/** Rows of one track: one for each speech segment that has words. */
export function placeOne(): RowPlacer {
  return {
    place: (speech) => ({
      rows: speech.flatMap((one) => assembleSegment(one, 0) ?? []),
      untilMs: Number.POSITIVE_INFINITY,
      interleaving: NOTHING_SAID,
    }),
  };
}

/**
 * Rows of several tracks, each a speaker.
 * @param job the progress of an earlier run
 * @param isWhole a row is held back until everything that overlaps it is known, so that a text up to there can be
 * replaced
 */
export function placeTracks(job: Pick<JobRecord, 'interleaving'>, isWhole: boolean): RowPlacer {
  let state = job.interleaving ?? NOTHING_SAID;
  return {
    place(speech, givenMs) {
      const said = speech.flatMap((one) => {
        const segment = assembleSegment(one, 0);
        if (!segment) return [];
        const { startMs, endMs, words } = segment;
        return [{ track: one.track, startMs, endMs, words }];
      });
      const all = [...state.waiting, ...said];
      const untilMs = isWhole && all.length <= MAX_WAITING ? quietBefore(all, givenMs) : givenMs;
      const { segments, after } = interleave(state, said, untilMs);
      state = after;
      const rows = segments.map(({ track, ...row }) => ({
        ...row,
        speakerId: trackSpeakerId(track),
      }));
      return { rows, untilMs, interleaving: after };
    },
  };
}

/** The last moment, up to `untilMs`, that no speech spans. */
function quietBefore(
  speech: readonly { startMs: number; endMs: number }[],
  untilMs: number,
): number {
  let quietMs = untilMs;
  for (const { startMs, endMs } of [...speech].sort((a, b) => b.endMs - a.endMs))
    if (startMs < quietMs && endMs > quietMs) quietMs = startMs;
  return quietMs;
}

/** Rows with their ids, which follow from their place. */
export function numbered(rows: readonly PlacedRow[], index: number): TranscriptSegment[] {
  return rows.map((row, at) => ({ ...row, id: `seg-${index + at}` }));
}
