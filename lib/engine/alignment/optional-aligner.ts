import { toAppError } from '@/lib/core';
import type { AlignedTime, WordAligner } from './align';

/** What times the words of other models. */
export interface TimingAligner {
  /** BCP 47 of the speech that it knows. */
  readonly language: string;
  /**
   * As `WordAligner.align`; `null` where it cannot be opened or run here, mostly for lack of memory: words
   * then get their times in another way.
   * @throws GPU_DEVICE_LOST, fatal
   */
  align(
    pcm: Float32Array,
    words: readonly string[],
    confidences?: readonly number[],
  ): Promise<AlignedTime[] | null>;
  release(): Promise<void>;
}

/**
 * An aligner that is opened when the first words come: the recognising model gets the memory
 * first, and loads without waiting.
 * @param language BCP 47 of the speech that it knows
 */
export function optionalAligner(
  language: string,
  open: () => Promise<Pick<WordAligner, 'align' | 'release'>>,
): TimingAligner {
  // holds the model's files, and is let go with them
  let unopened: typeof open | null = open;
  let opening: Promise<Pick<WordAligner, 'align' | 'release'> | null> | null = null;
  const orNull = async <T>(work: Promise<T>): Promise<T | null> => {
    try {
      return await work;
    } catch (error) {
      // a lost GPU takes the recognising model with it, and that is for the caller to know
      if (toAppError(error).code === 'GPU_DEVICE_LOST') throw error;
      return null;
    }
  };
  return {
    language,
    async align(pcm, words, confidences) {
      if (unopened) opening ??= orNull(unopened());
      unopened = null;
      const aligner = await opening;
      if (!aligner) return null;
      const times = await orNull(aligner.align(pcm, words, confidences));
      if (times) return times;
      // it would fail again, and hold memory meanwhile
      opening = Promise.resolve(null);
      await aligner.release();
      return null;
    },
    async release() {
      const aligner = await opening;
      opening = Promise.resolve(null);
      await aligner?.release();
    },
  };
}

/** Whether an aligner knows a language, whatever its region. @param tag BCP 47; `null`: not known */
export function knowsLanguage({ language }: TimingAligner, tag: string | null): boolean {
  return tag?.split('-')[0]?.toLowerCase() === language;
}
