import { z } from 'zod';
import type { PublishedModel } from '@/lib/catalogue';
import { AppError, throwIfAborted, yieldToEventLoop } from '@/lib/core';
import type {
  ModelFiles,
  PartRun,
  RecognisedWord,
  RecogniseResult,
  SpeechHypothesis,
  SpeechModel,
  SpeechOptions,
} from '@/lib/engine';
import { type AlignedTime, distributeWords, type TimingAligner } from '@/lib/engine/alignment';
import { SAMPLE_RATE_HZ } from '@/lib/engine/audio';
import { type CachedDecoder, openDecoder, type TokenRow } from '@/lib/engine/families/seq2seq';
import { externalData, type InferenceRuntime } from '@/lib/engine/runtime';
import { groupWords, openTokenizer, type TextTokenizer } from '@/lib/engine/words';
import { ENCODER_OUTPUT, MIN_SAMPLES, MoonshineEncoder, SAMPLES_PER_FRAME } from './encoder';

/**
 * Opens a Moonshine model as the hub has them: tiny and base, of any of their languages.
 * @param aligner gives word times, which the model has none of; released with the model
 * @throws MODEL_DOWNLOAD_FAILED, MODEL_HASH_MISMATCH, MODEL_UNSUPPORTED, BACKEND_UNAVAILABLE,
 * RECOGNISE_FAILED, OUT_OF_MEMORY
 */
export async function openMoonshine(
  runtime: InferenceRuntime,
  files: ModelFiles,
  { languages }: Pick<PublishedModel, 'languages'>,
  aligner: TimingAligner | null,
): Promise<SpeechModel> {
  const text = async (role: string) => new TextDecoder().decode(await files.read(role));
  const tokenizer = openTokenizer(await text('tokenizer'));
  const config = parseMoonshineConfig(await text('config'));
  const session = await runtime.open(await files.read('encoder'), {
    externalData: await externalData(files, 'encoderData'),
    outputsOnGpu: [ENCODER_OUTPUT],
  });
  try {
    const encoder = new MoonshineEncoder(runtime, session);
    const decoder = await openDecoder(runtime, await files.read('decoder'), {
      externalData: await externalData(files, 'decoderData'),
      heads: config.decoderHeads,
      headSize: config.decoderHeadSize,
      vocabulary: config.vocabularySize,
      maskPerFrame: SAMPLES_PER_FRAME,
    });
    const language = languages.length === 1 ? (languages[0] ?? null) : null;
    const runs = [{ part: 'encoder', by: 'graph', reason: null } as const, decoder.run];
    return new MoonshineModel({ encoder, decoder, config, tokenizer, aligner, language, runs });
  } catch (error) {
    await session.release();
    throw error;
  }
}

/**
 * Longer texts than this are repetitions (Jeffries et al. 2024, section 4). These are the limits of the published examples:
 * the tokenizer was made for English, and cuts other languages into about twice as many tokens.
 */
const TOKENS_PER_SECOND = { english: 6.5, others: 13 };
/** A short word said alone. */
const MIN_TOKENS = 6;

/** The parts of a loaded Moonshine model. */
interface MoonshineDependencies {
  encoder: Pick<MoonshineEncoder, 'maxRows' | 'encode' | 'release'>;
  decoder: CachedDecoder;
  config: MoonshineConfig;
  tokenizer: TextTokenizer;
  /** `null`: words share a segment by their letters. */
  aligner: TimingAligner | null;
  /** BCP 47; `null`: it is not known. */
  language: string | null;
  /** How encoder and decoder are run. */
  runs?: readonly PartRun[];
}

/**
 * A Moonshine model (Jeffries et al. 2024, "Moonshine: Speech Recognition for Live Transcription and
 * Voice Commands"). Segments are processed at their own length, those of the same length together; each
 * stands alone.
 */
class MoonshineModel implements SpeechModel {
  readonly runs: readonly PartRun[];

  constructor(private readonly dependencies: MoonshineDependencies) {
    this.runs = dependencies.runs ?? [];
  }

  async recognise(
    batch: readonly Float32Array[],
    _options: SpeechOptions,
    signal: AbortSignal,
  ): Promise<RecogniseResult> {
    throwIfAborted(signal);
    const hypotheses: SpeechHypothesis[] = batch.map(() => ({ words: [] }));
    const times = { inferenceMs: 0, searchMs: 0 };
    for (const group of groupsOf(batch, this.dependencies.encoder.maxRows)) {
      await yieldToEventLoop(signal);
      let from = performance.now();
      const rows = await this.decode(
        group.map((index) => batch[index] ?? new Float32Array(0)),
        signal,
      );
      times.inferenceMs += performance.now() - from;
      for (const [row, index] of group.entries()) {
        const found = rows[row];
        const pcm = batch[index];
        if (!found || !pcm) continue;
        await yieldToEventLoop(signal);
        from = performance.now();
        hypotheses[index] = { words: await this.timedWords(found, pcm) };
        times.searchMs += performance.now() - from;
      }
    }
    return { hypotheses, ...times, language: this.dependencies.language };
  }

  async release(): Promise<void> {
    const { encoder, decoder, aligner } = this.dependencies;
    await Promise.all([encoder.release(), decoder.release(), aligner?.release()]);
  }

  private async decode(
    recordings: readonly Float32Array[],
    signal: AbortSignal,
  ): Promise<TokenRow[]> {
    const { encoder, decoder, config, language } = this.dependencies;
    const decoding = decoder.begin(await encoder.encode(recordings));
    try {
      return await decoding.generate({
        prompts: recordings.map(() => [config.startId]),
        endId: config.endId,
        maxTokens: tokenLimit(recordings[0]?.length ?? 0, language),
        limits: { suppressed: [], timestamps: null },
        suppressedFirst: [],
        temperature: 0,
        random: () => 0,
        signal,
      });
    } finally {
      decoding.dispose();
    }
  }

  private async timedWords(
    { tokens, logProbs }: TokenRow,
    pcm: Float32Array,
  ): Promise<RecognisedWord[]> {
    const { tokenizer, aligner } = this.dependencies;
    const words = groupWords(tokens, logProbs, tokenizer);
    if (words.length === 0) return [];
    const texts = words.map(({ text }) => text);
    const times: readonly AlignedTime[] =
      (await aligner?.align(
        pcm,
        texts,
        words.map(({ confidence }) => confidence),
      )) ?? distributeWords(texts, 0, pcm.length);
    return words.map(({ text, confidence }, at) => {
      const time = times[at] ?? { startSample: 0, endSample: pcm.length };
      return { text, confidence, ...time };
    });
  }
}

/** Most tokens of a recording, its end included. @param language BCP 47; `null`: it is not known */
export function tokenLimit(samples: number, language: string | null): number {
  const { english, others } = TOKENS_PER_SECOND;
  const perSecond = /^en\b/i.test(language ?? '') ? english : others;
  return Math.max(MIN_TOKENS, Math.floor((samples * perSecond) / SAMPLE_RATE_HZ));
}

/** Indices of recordings that can run together, being of one length; too short ones are in none. */
function groupsOf(batch: readonly Float32Array[], maxRows: number): number[][] {
  const groups: number[][] = [];
  const open = new Map<number, number[]>();
  for (const [index, { length }] of batch.entries()) {
    if (length < MIN_SAMPLES) continue;
    let group = open.get(length);
    if (!group || group.length >= maxRows) {
      group = [];
      groups.push(group);
      open.set(length, group);
    }
    group.push(index);
  }
  return groups;
}

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
