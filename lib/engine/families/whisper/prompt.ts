import { wordsWithinLimits } from '@/lib/engine';
import type { HotScores } from '@/lib/engine/families/seq2seq';
import type { WritingTokenizer } from '@/lib/engine/words';
import type { WhisperConfig } from './config';
import { WHISPER_SECONDS } from './windows';

/** Whisper's code where BCP 47 has another, as the platform's canonical form has it. */
const WHISPER_CODES: Readonly<Record<string, string>> = {
  jv: 'jw',
  fil: 'tl',
  nb: 'no',
};

/** Codes that stand in for one that a model lacks: Cantonese came with the third large model. */
const STAND_INS: Readonly<Record<string, string>> = { yue: 'zh', nn: 'no' };

/**
 * The code that a model has for a language: `pt-BR` → `pt`, `nb` → `no`, `jv` → `jw`, `iw` → `he`.
 * @param tag BCP 47
 * @returns `null` when the model does not know the language, or the tag is not one
 */
export function whisperLanguage(
  tag: string,
  languages: Pick<ReadonlyMap<string, number>, 'has'>,
): string | null {
  for (const written of [tag.toLowerCase().split('-')[0], canonicalLanguage(tag)]) {
    if (!written) continue;
    // Cantonese is also written as a kind of Chinese
    const language = written === 'zh' && /-(yue|hk|mo)\b/i.test(tag) ? 'yue' : written;
    const code = WHISPER_CODES[language] ?? language;
    const found = [code, STAND_INS[code]].find((one) => one && languages.has(one));
    if (found) return found;
  }
  return null;
}

/** A language that a model knows. */
export interface KnownLanguage {
  /** As it was asked for: BCP 47. */
  tag: string;
  /** The model's. */
  code: string;
  id: number;
}

/**
 * The languages asked for that a model knows, each once.
 * @param tags BCP 47, several with commas between them; `null`: none is asked for
 */
export function knownLanguages(
  tags: string | null,
  languages: ReadonlyMap<string, number> | null,
): KnownLanguage[] {
  const known = new Map<string, KnownLanguage>();
  for (const tag of tags?.split(',').map((one) => one.trim()) ?? []) {
    const code = languages && whisperLanguage(tag, languages);
    const id = code ? languages.get(code) : undefined;
    if (code && id !== undefined && !known.has(code)) known.set(code, { tag, code, id });
  }
  return [...known.values()];
}

/** BCP 47 for a code of Whisper's. */
export function languageTag(code: string): string {
  return code === 'jw' ? 'jv' : code;
}

/** @returns `null` for what is not a language tag */
function canonicalLanguage(tag: string): string | null {
  try {
    return new Intl.Locale(tag).language;
  } catch (error) {
    // not a tag at all: not an error of the program, but no language either
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** What a window's prompt asks for. */
export interface PromptOptions {
  /** A code of the model's; `null` for models of English only. */
  language: string | null;
  task: 'transcribe' | 'translate';
  /** Time tokens are wanted in the text. */
  times: boolean;
  /** Tokens of what is said to have been written before: words that may come. Not given: nothing. */
  hint?: readonly number[];
}

/**
 * The tokens that every window begins with: start, language and task where the model has them, and
 * `<|notimestamps|>` when no times are wanted (Radford et al. 2022, section 2.3).
 */
export function promptTokens(
  { startId, previousId, noTimesId, languages, tasks }: WhisperConfig,
  { language, task, times, hint = [] }: PromptOptions,
): number[] {
  const hasHint = previousId !== null && hint.length > 0;
  const prompt = [...(hasHint ? [previousId, ...hint] : []), startId];
  const languageId = language === null ? undefined : languages?.get(language);
  if (tasks && languageId !== undefined) {
    // speech that is English already needs no translation
    const translate = task === 'translate' && language !== 'en' ? tasks.translate : null;
    prompt.push(languageId, translate ?? tasks.transcribe);
  }
  if (!times) prompt.push(noTimesId);
  return prompt;
}

/** Chosen by names in dev-4 and speechocean-20 (docs/models.md). */
export const HOT_SCORES: HotScores = { bonus: 1.5, beamBonus: 2, most: 5 };

/**
 * The most tokens of a hint: each costs part of a decoder step for every window. Whisper itself takes 223.
 */
const MAX_TOKENS = 64;

/** What is needed of a model to prompt it with words. */
interface Listener {
  config: Pick<WhisperConfig, 'shortestWindow'>;
  tokenizer: Pick<WritingTokenizer, 'encode'>;
}

/**
 * The prompt of previous text for the decoder: the user's words in a row, from the first on, as many as there
 * is room for. It then writes them more readily, and spelt as they are there (Radford et al. 2022, section
 * 2.3; `initial_prompt` of the reference implementation). Models trained on short windows saw each window by
 * itself: a prompt makes them lose sentences (docs/models.md), so they get none.
 */
export function hintOf(
  phrases: readonly string[],
  { config: { shortestWindow }, tokenizer: { encode } }: Listener,
): number[] {
  if (shortestWindow < WHISPER_SECONDS) return [];
  const hint: number[] = [];
  for (const phrase of wordsWithinLimits(phrases)) {
    const tokens = encode(` ${phrase},`);
    if (hint.length + tokens.length > MAX_TOKENS) break;
    hint.push(...tokens);
  }
  return hint;
}
