import type { SpeakerTurn } from '../../lib/engine/diarisation/types';

/** Step of the comparison. */
const STEP_MS = 10;

/** Seconds of speech, each speaker counted, and of the ways in which its speaker was wrong. */
export interface DiarisationErrors {
  speechSeconds: number;
  /** Somebody speaks, and nobody was found. */
  missedSeconds: number;
  /** Nobody speaks, and somebody was found. */
  falseSeconds: number;
  /** Somebody else was found. */
  confusedSeconds: number;
}

/**
 * Compares turns with those of a reference, as NIST's md-eval does: the found speakers are matched with those
 * of the reference one to one, such that they have the most time in common.
 * @param collarSeconds left out on each side of where a turn of the reference begins or ends
 */
export function diarisationErrors(
  reference: readonly SpeakerTurn[],
  found: readonly SpeakerTurn[],
  collarSeconds: number,
): DiarisationErrors {
  const endMs = Math.max(0, ...[...reference, ...found].map((turn) => turn.endMs));
  const steps = Math.ceil(endMs / STEP_MS);
  const said = speakersBySteps(reference, steps);
  const heard = speakersBySteps(found, steps);
  const isLeftOut = collarSteps(reference, steps, collarSeconds);
  const common = new Map<number, Map<number, number>>();
  for (let step = 0; step < steps; step++) {
    if (isLeftOut[step]) continue;
    for (const speaker of said[step] ?? [])
      for (const other of heard[step] ?? []) {
        const row = common.get(other) ?? new Map<number, number>();
        common.set(other, row.set(speaker, (row.get(speaker) ?? 0) + 1));
      }
  }
  const matched = bestMatch(common);
  const counts = { speech: 0, missed: 0, wrong: 0, confused: 0 };
  for (let step = 0; step < steps; step++) {
    if (isLeftOut[step]) continue;
    const expected = said[step] ?? new Set();
    const actual = heard[step] ?? new Set();
    const right = [...actual].filter((one) => expected.has(matched.get(one) ?? -1)).length;
    counts.speech += expected.size;
    counts.missed += Math.max(0, expected.size - actual.size);
    counts.wrong += Math.max(0, actual.size - expected.size);
    counts.confused += Math.min(expected.size, actual.size) - right;
  }
  const seconds = (count: number) => (count * STEP_MS) / 1000;
  return {
    speechSeconds: seconds(counts.speech),
    missedSeconds: seconds(counts.missed),
    falseSeconds: seconds(counts.wrong),
    confusedSeconds: seconds(counts.confused),
  };
}

/** The diarisation error rate. */
export function errorRate(errors: DiarisationErrors): number {
  const { speechSeconds, missedSeconds, falseSeconds, confusedSeconds } = errors;
  return (missedSeconds + falseSeconds + confusedSeconds) / speechSeconds;
}

/** The errors of several recordings together. */
export function sumErrors(all: readonly DiarisationErrors[]): DiarisationErrors {
  const sum = { speechSeconds: 0, missedSeconds: 0, falseSeconds: 0, confusedSeconds: 0 };
  for (const errors of all) {
    sum.speechSeconds += errors.speechSeconds;
    sum.missedSeconds += errors.missedSeconds;
    sum.falseSeconds += errors.falseSeconds;
    sum.confusedSeconds += errors.confusedSeconds;
  }
  return sum;
}

const stepAt = (ms: number) => Math.round(ms / STEP_MS);

function speakersBySteps(turns: readonly SpeakerTurn[], steps: number): Set<number>[] {
  const speakers = Array.from({ length: steps }, () => new Set<number>());
  for (const { speaker, startMs, endMs } of turns)
    for (let step = stepAt(startMs); step < stepAt(endMs); step++) speakers[step]?.add(speaker);
  return speakers;
}

function collarSteps(turns: readonly SpeakerTurn[], steps: number, seconds: number): boolean[] {
  const left = Array.from({ length: steps }, () => false);
  const collar = stepAt(seconds * 1000);
  for (const edge of turns.flatMap(({ startMs, endMs }) => [stepAt(startMs), stepAt(endMs)]))
    left.fill(true, Math.max(0, edge - collar), Math.max(0, Math.min(steps, edge + collar)));
  return left;
}

/**
 * Matches found speakers with those of the reference, for the most time in common: each found one in turn,
 * for every set of speakers that are taken by then.
 */
function bestMatch(common: ReadonlyMap<number, ReadonlyMap<number, number>>): Map<number, number> {
  const speakers = [...new Set([...common.values()].flatMap((row) => [...row.keys()]))];
  let best = new Map<number, { time: number; match: Map<number, number> }>([
    [0, { time: 0, match: new Map() }],
  ]);
  for (const [other, row] of common) {
    const next = new Map(best);
    for (const [taken, { time, match }] of best)
      for (const [at, speaker] of speakers.entries()) {
        const more = row.get(speaker);
        if (more === undefined || (taken & (1 << at)) !== 0) continue;
        const key = taken | (1 << at);
        if ((next.get(key)?.time ?? -1) < time + more)
          next.set(key, { time: time + more, match: new Map(match).set(other, speaker) });
      }
    best = next;
  }
  const all = [...best.values()];
  return all.reduce((most, one) => (one.time > most.time ? one : most)).match;
}
