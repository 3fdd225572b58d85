import { abortable, isAbort } from '@/lib/core';
import type { RecogniserInfo, SpeechHypothesis } from '@/lib/engine';
import { SAMPLE_RATE_HZ } from '@/lib/engine/audio';
import type { SegmentedSpeech } from '@/lib/engine/vad';
import type { BoundedQueue } from './bounded-queue';
import type { FirstWordsWriter } from './stages';

/**
 * Speech that is written ahead, at least: a minute's reading. More would hold up the model that is loaded
 * beside it: on two cores, with two minutes, its own first words came a second later.
 */
const AHEAD_SAMPLES = 40 * SAMPLE_RATE_HZ;

/** Words to read until those of the job's own model take their place. */
export interface FirstWords {
  speech: { startSample: number; endSample: number; hypothesis: SpeechHypothesis }[];
  /** What wrote them. */
  by: RecogniserInfo;
}

interface WriteAhead {
  batches: BoundedQueue<SegmentedSpeech[]>;
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
}: WriteAhead): Promise<SegmentedSpeech[][]> {
  const taken: SegmentedSpeech[][] = [];
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
      const speech = batch.map(({ startSample, endSample }, at) => {
        samples += endSample - startSample;
        return { startSample, endSample, hypothesis: hypotheses[at] ?? { words: [] } };
      });
      await onWords({ speech, by: writer.info });
    }
  } catch (error) {
    if (!isAbort(error)) console.warn('No first words were written', error);
  }
  return taken;
}
