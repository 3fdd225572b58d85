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
   * @param untilMs all speech that begins earlier has been given with this call; infinite: there is no more
   * @returns the rows that follow, up to where they are final, and what is to be stored with them
   */
  place(
    speech: readonly TranscribedSpeech[],
    untilMs: number,
  ): { rows: PlacedRow[]; untilMs: number; interleaving: Interleaving };
}

/** So much speech waits, at most, until nobody speaks: a second pass replaces what stands in between at once. */
const MAX_WAITING = 100;

/** Rows of one track: each speech segment is one; speech without words gets none. */
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
 * @param job where an earlier run has come to
 * @param isWhole a row is given only with all that overlaps it, so that another text can be replaced up to there
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

/** The last moment, up to `untilMs`, at which no speech that began before goes on. */
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
