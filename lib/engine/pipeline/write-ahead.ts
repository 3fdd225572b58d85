import { abortable, isAbort } from '@/lib/core';
import type { RecogniserInfo } from '@/lib/engine';
import { SAMPLE_RATE_HZ } from '@/lib/engine/audio';
import type { BoundedQueue } from './bounded-queue';
import type { FirstWordsWriter } from './stages';
import { spanOf, type TrackSegment, type TranscribedSpeech } from './track-order';

/**
 * Speech that is written ahead, at least: a minute's reading. More would hold up the model that is loaded
 * beside it: on two cores, with two minutes, its own first words came a second later.
 */
const AHEAD_SAMPLES = 40 * SAMPLE_RATE_HZ;

/** Words to read until those of the job's own model take their place. */
export interface FirstWords {
  speech: TranscribedSpeech[];
  /** What wrote them. */
  by: RecogniserInfo;
}

interface WriteAhead {
  batches: BoundedQueue<TrackSegment[]>;
  /** Settles when the job's own model is ready, or cannot be had: nothing is written any more. */
  preparing: Promise<unknown>;
  /** `null`: nothing here can write first words. */
  opening: Promise<FirstWordsWriter | null>;
  /** Stores them. */
  onWords(words: FirstWords): Promise<void>;
  signal: AbortSignal;
}

/**
 * Has the first batches written by something quick while the job's own model is being loaded. What goes
 * wrong with it is logged and costs nothing but the first words.
 * @returns the batches that were taken from the queue: the model's own first ones, whole
 */
export async function writeAhead({
  batches,
  preparing,
  opening,
  onWords,
  signal,
}: WriteAhead): Promise<TrackSegment[][]> {
  const taken: TrackSegment[][] = [];
  const over = new AbortController();
  const end = () => over.abort();
  preparing.then(end, end);
  const until = AbortSignal.any([signal, over.signal]);
  try {
    const writer = await abortable(opening, until);
    for (let samples = 0; writer && samples < AHEAD_SAMPLES; ) {
      const batch = await batches.take();
      if (!batch) break;
      taken.push(batch);
      const pcm = batch.map((speech) => speech.pcm.slice());
      const { hypotheses } = await abortable(writer.recognise(pcm, until), until);
      const speech = batch.map((segment, at) => {
        samples += segment.endSample - segment.startSample;
        return { ...spanOf(segment), hypothesis: hypotheses[at] ?? { words: [] } };
      });
      await onWords({ speech, by: writer.info });
    }
  } catch (error) {
    if (!isAbort(error)) console.warn('No first words were written', error);
  }
  return taken;
}
