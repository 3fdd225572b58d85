import { z } from 'zod';
import { AppError } from '@/lib/core';

/** `vocab.json`: what the network's output means. */
const vocabularySchema = z.object({
  sampleRateHz: z.literal(16_000),
  /** Samples from one output frame to the next. */
  frameSamples: z.number().int().positive(),
  /** Index of the blank. */
  blank: z.literal(0),
  /** Units of the output `phones` by index. */
  phones: z.array(z.string()).min(2).max(64),
});

export type Vocabulary = z.infer<typeof vocabularySchema>;

/** @throws MODEL_HASH_MISMATCH when the bytes are not a vocabulary */
export function parseVocabulary(bytes: ArrayBuffer): Vocabulary {
  try {
    return vocabularySchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw new AppError('MODEL_HASH_MISMATCH', 'The file is not a vocabulary.', { cause });
  }
}
