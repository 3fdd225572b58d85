import { getJob, getMedia, getTranscript, soundOf, storeTimes } from '@/lib/client/store';
import { toAppError } from '@/lib/core';
import { SAMPLES_PER_MS } from '@/lib/engine/audio';
import type { Decoder } from '@/lib/engine/pipeline';
import type { EditPatch, Row, Word } from '@/lib/transcript';

/** Times known words in sound. */
export interface Aligner {
  /** BCP 47 of the speech that it knows. */
  languages(): Promise<readonly string[]>;
  /** Where each word lies in 16 kHz PCM of up to 30 s, in samples. */
  align(
    pcm: Float32Array<ArrayBuffer>,
    words: readonly string[],
  ): Promise<readonly { startSample: number; endSample: number; agreement?: number }[]>;
  /** Ends its worker. */
  dispose(): void;
}

export interface WordTimerDependencies {
  createDecoder(): Decoder & { dispose(): void };
  createAligner(): Aligner;
}

/** Locates typed words in the sound. */
export interface WordTimer {
  /** Times the new words of an edit soon; edits in quick succession are timed together. */
  edited(patch: EditPatch): void;
  /** Aborts work in progress, and ends the worker. */
  dispose(): void;
}

/** Words are timed once nobody has typed for this long, in ms. */
const AFTER_MS = 2_000;
/** The worker is ended after being idle for this long, in ms. */
const IDLE_MS = 30_000;
/** Sound before and after a row that is also searched, in ms: a word may begin a little before it. */
const BESIDE_MS = 200;
/** What the aligner takes at once, in ms. */
export const MAX_MS = 29_000;
/** Minimum agreement with the sound for a word to take its time from there, 0 to 1. */
export const MIN_AGREEMENT = 0.02;
/** Minimum length of a word, in ms. */
const SHORTEST_MS = 20;

/** Creates the timer of one transcript's typed words. */
export function createWordTimer(id: string, dependencies: WordTimerDependencies): WordTimer {
  const waiting = new Map<string, { row: Row; typed: ReadonlySet<number> }>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let idle: ReturnType<typeof setTimeout> | undefined;
  let aligner: Aligner | null = null;
  let running = false;
  let isOver = false;

  const stop = () => {
    aligner?.dispose();
    aligner = null;
  };
  const run = async () => {
    running = true;
    clearTimeout(idle);
    try {
      aligner ??= dependencies.createAligner();
      for (const [rowId, { row, typed }] of waiting) {
        waiting.delete(rowId);
        if (isOver) break;
        await timeRow(id, row, typed, aligner, dependencies);
      }
    } catch (error) {
      // words keep the times that they were given by their neighbours
      console.warn('Typed words could not be timed by the sound', toAppError(error).code);
      waiting.clear();
      stop();
    }
    running = false;
    idle = setTimeout(stop, IDLE_MS);
    if (waiting.size > 0) schedule();
  };
  const schedule = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void (running ? schedule() : run()), AFTER_MS);
  };

  return {
    edited(patch) {
      const known = timesOf(patch.removed);
      for (const row of patch.added) {
        const typed = typedWords(row, known, waiting.get(row.id)?.typed);
        if (typed.size > 0) waiting.set(row.id, { row, typed });
      }
      if (waiting.size > 0) schedule();
    },
    dispose() {
      isOver = true;
      clearTimeout(timer);
      clearTimeout(idle);
      stop();
    },
  };
}

/** Packs both times into one number, since there may be hundreds of thousands of words. No word lasts 2^20 ms. */
const timeOf = ({ startMs, endMs }: Word) => startMs * 2 ** 20 + (endMs - startMs);

/** When the words of rows were said. */
const timesOf = (rows: readonly Row[]): ReadonlySet<number> =>
  new Set(rows.flatMap(({ words }) => words.map(timeOf)));

/**
 * Start times of the words of a row that were not timed by the sound.
 * @param known times of the words before the edit
 * @param before start times of those that were not timed by the sound either
 */
function typedWords(
  { words }: Row,
  known: ReadonlySet<number>,
  before: ReadonlySet<number> = new Set(),
): Set<number> {
  return new Set(
    words
      .filter((word) => !known.has(timeOf(word)) || before.has(word.startMs))
      .map(({ startMs }) => startMs),
  );
}

async function timeRow(
  id: string,
  row: Row,
  typed: ReadonlySet<number>,
  aligner: Aligner,
  { createDecoder }: WordTimerDependencies,
): Promise<void> {
  const [record, job, media] = await Promise.all([getTranscript(id), getJob(id), getMedia(id)]);
  const fromMs = Math.max(0, row.startMs - BESIDE_MS);
  const lengthMs = row.endMs + BESIDE_MS - fromMs;
  // asked last, since this starts its worker
  if (!record || !media || lengthMs > MAX_MS) return;
  const languages = await aligner.languages();
  if (!languages.some((tag) => record.language.split('-')[0] === tag)) return;
  const decoder = createDecoder();
  const pcm = new Float32Array(lengthMs * SAMPLES_PER_MS);
  try {
    const startSample = fromMs * SAMPLES_PER_MS;
    const session = await decoder.open(media, {
      startSample,
      track: soundOf(record),
      decoder: job?.decoder ?? null,
    });
    for (let at = 0; at < pcm.length; ) {
      const chunk = await session.read();
      if (!chunk) break;
      const own = chunk.pcm.subarray(0, pcm.length - at);
      pcm.set(own, at);
      at += own.length;
    }
    await session.close();
  } finally {
    decoder.dispose();
  }
  const times = await aligner.align(
    pcm,
    row.words.map(({ text }) => text),
  );
  const aligned = times.map(({ startSample, endSample, agreement }) => ({
    startMs: fromMs + Math.round(startSample / SAMPLES_PER_MS),
    endMs: fromMs + Math.round(endSample / SAMPLES_PER_MS),
    agreement,
  }));
  await storeTimes(id, row, placeTyped(row, typed, aligned));
}

/**
 * Gives typed words their times in the sound. Other words keep theirs and bound the typed ones between them:
 * where that leaves no room, or the sound does not agree, a typed word keeps its time.
 */
export function placeTyped(
  row: Pick<Row, 'startMs' | 'endMs' | 'words'>,
  typed: ReadonlySet<number>,
  aligned: readonly { startMs: number; endMs: number; agreement?: number | undefined }[],
): Word[] {
  const { words } = row;
  const placed = [...words];
  let from = 0;
  while (from < words.length) {
    let to = from;
    while (to < words.length && typed.has(words[to]?.startMs ?? -1)) to++;
    let lowMs = words[from - 1]?.endMs ?? row.startMs;
    const highMs = words[to]?.startMs ?? row.endMs;
    if (highMs - lowMs >= (to - from) * SHORTEST_MS)
      for (let at = from; at < to; at++) {
        const word = words[at];
        if (!word) continue;
        const found = aligned[at];
        const wanted = found && (found.agreement ?? 1) >= MIN_AGREEMENT ? found : word;
        // leave room for the typed words after it
        const untilMs = highMs - (to - at - 1) * SHORTEST_MS;
        const startMs = Math.max(lowMs, Math.min(wanted.startMs, untilMs - SHORTEST_MS));
        const endMs = Math.min(untilMs, Math.max(wanted.endMs, startMs + SHORTEST_MS));
        placed[at] = { ...word, startMs, endMs };
        lowMs = endMs;
      }
    from = to + 1;
  }
  return placed;
}
