import { z } from 'zod';
import { AppError } from '@/lib/core';

const id = z.number().int().nonnegative();
const size = z.number().int().positive();

/** `config.json`; only what is needed. */
const configSchema = z.object({
  model_type: z.string().default('moonshine'),
  hidden_size: size,
  decoder_num_attention_heads: size,
  decoder_num_key_value_heads: size.nullish(),
  vocab_size: size,
  bos_token_id: id,
  decoder_start_token_id: id.nullish(),
  eos_token_id: z.union([id, z.array(id).min(1)]),
});

/** What there is to know of a Moonshine model beside its graphs. */
export interface MoonshineConfig {
  vocabularySize: number;
  /** Of the decoder's keys and values. */
  decoderHeads: number;
  decoderHeadSize: number;
  /** Begins every text. */
  startId: number;
  endId: number;
}

/** @throws MODEL_HASH_MISMATCH (not JSON), MODEL_UNSUPPORTED (not a Moonshine model as we know them) */
export function parseMoonshineConfig(json: string): MoonshineConfig {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new AppError('MODEL_HASH_MISMATCH', 'config.json is not JSON.', { cause: error });
  }
  const result = configSchema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new AppError(
      'MODEL_UNSUPPORTED',
      `config.json: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
    );
  }
  const config = result.data;
  // the streaming generation has other graphs, which keep a state
  if (config.model_type !== 'moonshine')
    throw new AppError('MODEL_UNSUPPORTED', `This is a "${config.model_type}" model.`);
  const heads = config.decoder_num_attention_heads;
  const end = config.eos_token_id;
  return {
    vocabularySize: config.vocab_size,
    decoderHeads: config.decoder_num_key_value_heads ?? heads,
    decoderHeadSize: config.hidden_size / heads,
    startId: config.decoder_start_token_id ?? config.bos_token_id,
    endId: typeof end === 'number' ? end : (end[0] ?? 0),
  };
}
