import { z } from 'zod';
import { AppError } from '@/lib/core';
import { WHISPER_SECONDS } from './windows';

const id = z.number().int().nonnegative();
const ids = z.array(z.number().int()).nullish();

/** `config.json`; only what is needed. The key that begins with `ai2text` is our own. */
const configSchema = z.object({
  model_type: z.string().default('whisper'),
  num_mel_bins: z.union([z.literal(80), z.literal(128)]).default(80),
  max_target_positions: z.number().int().min(8).default(448),
  d_model: z.number().int().positive(),
  encoder_attention_heads: z.number().int().positive().nullish(),
  decoder_attention_heads: z.number().int().positive(),
  decoder_layers: z.number().int().positive().nullish(),
  vocab_size: z.number().int().positive(),
  decoder_start_token_id: id.nullish(),
  eos_token_id: z.union([id, z.array(id).min(1)]).nullish(),
  suppress_tokens: ids,
  begin_suppress_tokens: ids,
  ai2text_shortest_window: z.number().positive().max(WHISPER_SECONDS).nullish(),
});

/** `generation_config.json`; older repositories lack most of it. */
const generationSchema = z.object({
  is_multilingual: z.boolean().nullish(),
  decoder_start_token_id: id.nullish(),
  eos_token_id: z.union([id, z.array(id).min(1)]).nullish(),
  no_timestamps_token_id: id.nullish(),
  lang_to_id: z.record(z.string(), id).nullish(),
  task_to_id: z.record(z.string(), id).nullish(),
  suppress_tokens: ids,
  begin_suppress_tokens: ids,
  max_length: z.number().int().positive().nullish(),
  max_initial_timestamp_index: z.number().int().nonnegative().nullish(),
  alignment_heads: z.array(z.tuple([id, id])).nullish(),
});

/** Multilingual vocabularies of published models have at least this many entries; English ones less. */
const MULTILINGUAL_VOCABULARY = 51865;

/** The first time of a window is at most this many steps of 20 ms: 1 s. */
const MAX_INITIAL_TIME = 50;

const MAX_LAYERS = 32;

/** The part of a tokenizer with the ids of special tokens, such as `<|transcribe|>`. */
export interface SpecialTokens {
  idOf(token: string): number | null;
  decode(ids: readonly number[], options?: { keepSpecial?: boolean }): string;
}

/** What there is to know of a Whisper model beside its graphs. */
export interface WhisperConfig {
  melBands: 80 | 128;
  vocabularySize: number;
  encoderHeads: number;
  decoderLayers: number;
  /** Of the decoder's attention. */
  decoderHeads: number;
  decoderHeadSize: number;
  /** Tokens of one window, prompt included. */
  maxLength: number;
  /** `<|startoftranscript|>`. */
  startId: number;
  /** `<|endoftext|>`; special tokens lie behind it, text before. */
  endId: number;
  /** `<|startofprev|>`: what follows is said to have been written before; `null`: there is none. */
  previousId: number | null;
  /** `<|notimestamps|>`. */
  noTimesId: number;
  /** `<|0.00|>`: times increase from here in steps of 20 ms. */
  firstTimeId: number;
  /** Its probability right after `startId` is that of "no speech". */
  noSpeechId: number;
  /** Whisper's language code to its token; `null`: the model knows English only. */
  languages: ReadonlyMap<string, number> | null;
  /** `null` for models of English only; no `translate` where a model was not made for it. */
  tasks: { transcribe: number; translate: number | null } | null;
  /** Never chosen, as the model's publisher asks. */
  suppressed: readonly number[];
  /** Never chosen as the first token. */
  suppressedFirst: readonly number[];
  /** Steps of 20 ms. */
  maxInitialTime: number;
  /** Decoder heads whose attention follows the speech; `null` where nobody has published them. */
  alignmentHeads: readonly (readonly [layer: number, head: number])[] | null;
  /**
   * Seconds that the encoder has to be given at the least: it was trained on windows from there up
   * to 30 s. Of most models it is 30: they know nothing shorter, speech is filled up with silence.
   */
  shortestWindow: number;
}

/**
 * Reads the two configuration files of a published Whisper model, whatever its age: what they do
 * not say is taken from the tokenizer and from how Whisper's vocabulary is laid out.
 * @throws MODEL_HASH_MISMATCH (not JSON), MODEL_UNSUPPORTED (not a Whisper model as we know them)
 */
export function parseWhisperConfig(
  configJson: string,
  generationJson: string,
  special: SpecialTokens,
): WhisperConfig {
  const config = parse('config.json', configSchema, configJson);
  const generation = parse('generation_config.json', generationSchema, generationJson);
  if (!/whisper/.test(config.model_type))
    throw unsupported(`config.json is that of a "${config.model_type}" model.`);
  const need = (what: string, value: number | null | undefined): number => {
    if (value == null) throw unsupported(`Neither configuration nor tokenizer has ${what}.`);
    return value;
  };
  const startId = need(
    '<|startoftranscript|>',
    generation.decoder_start_token_id ??
      config.decoder_start_token_id ??
      special.idOf('<|startoftranscript|>'),
  );
  const endId = need(
    '<|endoftext|>',
    first(generation.eos_token_id) ?? first(config.eos_token_id) ?? special.idOf('<|endoftext|>'),
  );
  const noTimesId = need(
    '<|notimestamps|>',
    generation.no_timestamps_token_id ?? special.idOf('<|notimestamps|>'),
  );
  const multilingual =
    generation.is_multilingual ??
    (generation.lang_to_id != null || config.vocab_size >= MULTILINGUAL_VOCABULARY);
  const tasks = multilingual ? readTasks(generation.task_to_id ?? null, special) : null;
  return {
    melBands: config.num_mel_bins,
    vocabularySize: config.vocab_size,
    encoderHeads: config.encoder_attention_heads ?? config.decoder_attention_heads,
    // as many as the largest model has: where that is unknown, few windows are run together
    decoderLayers: config.decoder_layers ?? MAX_LAYERS,
    decoderHeads: config.decoder_attention_heads,
    decoderHeadSize: config.d_model / config.decoder_attention_heads,
    maxLength: Math.min(
      config.max_target_positions,
      generation.max_length ?? config.max_target_positions,
    ),
    startId,
    endId,
    previousId: special.idOf('<|startofprev|>'),
    noTimesId,
    firstTimeId: noTimesId + 1,
    // it has had two names; its place, right before <|notimestamps|>, was always the same
    noSpeechId: special.idOf('<|nospeech|>') ?? special.idOf('<|nocaptions|>') ?? noTimesId - 1,
    languages: tasks && readLanguages(generation.lang_to_id ?? null, startId, tasks, special),
    tasks,
    suppressed: realIds(generation.suppress_tokens ?? config.suppress_tokens),
    suppressedFirst: realIds(generation.begin_suppress_tokens ?? config.begin_suppress_tokens),
    maxInitialTime: generation.max_initial_timestamp_index ?? MAX_INITIAL_TIME,
    alignmentHeads: generation.alignment_heads?.length ? generation.alignment_heads : null,
    shortestWindow: config.ai2text_shortest_window ?? WHISPER_SECONDS,
  };
}

function readTasks(
  known: Readonly<Record<string, number>> | null,
  special: SpecialTokens,
): { transcribe: number; translate: number | null } {
  const transcribe = known?.transcribe ?? special.idOf('<|transcribe|>');
  if (transcribe === null) throw unsupported('The tokenizer has no <|transcribe|>.');
  return { transcribe, translate: known?.translate ?? special.idOf('<|translate|>') };
}

function readLanguages(
  known: Readonly<Record<string, number>> | null,
  startId: number,
  { transcribe, translate }: { transcribe: number; translate: number | null },
  special: SpecialTokens,
): Map<string, number> {
  const languages = new Map<string, number>();
  const add = (token: string, tokenId: number) => {
    const code = /^<\|([a-z]{2,3})\|>$/.exec(token)?.[1];
    if (code) languages.set(code, tokenId);
  };
  if (known) for (const [token, tokenId] of Object.entries(known)) add(token, tokenId);
  // languages stand between the start and the tasks
  else
    for (let at = startId + 1; at < Math.min(transcribe, translate ?? transcribe); at++)
      add(special.decode([at], { keepSpecial: true }).trim(), at);
  if (languages.size === 0) throw unsupported('The model names no languages.');
  return languages;
}

function first(value: number | number[] | null | undefined): number | undefined {
  return Array.isArray(value) ? value[0] : (value ?? undefined);
}

/** Without the -1 that once stood for "as usual". */
function realIds(values: readonly number[] | null | undefined): number[] {
  return (values ?? []).filter((value) => value >= 0);
}

function parse<T>(name: string, schema: z.ZodType<T>, json: string): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new AppError('MODEL_HASH_MISMATCH', `${name} is not JSON.`, { cause: error });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw unsupported(`${name}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}

function unsupported(message: string): AppError {
  return new AppError('MODEL_UNSUPPORTED', message);
}
