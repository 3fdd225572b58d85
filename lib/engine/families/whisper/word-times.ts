import type { RecognisedWord } from '@/lib/engine';
import {
  type AlignedTime,
  distributeWords,
  findWordEnd,
  knowsLanguage,
  type TimingAligner,
  tokenOnsets,
  type Window,
  type WordTime,
} from '@/lib/engine/alignment';
import { SAMPLES_PER_MS } from '@/lib/engine/audio';
import type { DecoderBatch } from '@/lib/engine/families/seq2seq';
import { groupWords, type WordTokens } from '@/lib/engine/words';
import type { WhisperConfig } from './config';
import type { DecodeModel, WindowTokens } from './decode';
import { STEP_SAMPLES, type TimedSpan, timedSpans } from './spans';

/** One window's text, and where it came from. */
export interface WindowText {
  window: Window;
  pcm: Float32Array;
  /** Times among them. */
  tokens: readonly number[];
  words: readonly WordTokens[];
  /** Every word's first token lies in one. */
  spans: readonly TimedSpan[];
  /** Of text without times, for the pass that gives the attention. */
  plainPrompt: readonly number[];
}

/** A head of the decoder that attends to the onset of a token, or to a point this long after it. */
export interface OnsetHead {
  layer: number;
  head: number;
  lagMs: number;
}

/**
 * Lag of heads of which it is only known that they follow the speech, as listed in `generation_config.json`:
 * the median of those of Whisper base, on training speech (`training/fit-words.ts` prints it).
 */
const USUAL_LAG_MS = 54;

/** The published heads of a model whose own lags were not learnt. */
export function usualHeads(
  published: WhisperConfig['alignmentHeads'],
): readonly OnsetHead[] | null {
  return published?.map(([layer, head]) => ({ layer, head, lagMs: USUAL_LAG_MS })) ?? null;
}

/**
 * When the words of a window were said, from where the decoder's attention was and where their sound ends.
 * @returns one for each word, in samples of the window; `null` when the attention is not available
 */
export async function attentionTimes(
  batch: Pick<DecoderBatch, 'crossAttention'>,
  row: number,
  { pcm, tokens, words, plainPrompt }: WindowText,
  { onsetHeads, endId }: { onsetHeads: readonly OnsetHead[] | null } & Pick<WhisperConfig, 'endId'>,
): Promise<WordTime[] | null> {
  if (!onsetHeads || words.length === 0) return null;
  const text: number[] = [];
  const placeOf = tokens.map((token) => (token < endId ? text.push(token) - 1 : -1));
  const sequence = [...plainPrompt, ...text];
  const heads = onsetHeads.map(({ layer, head }) => [layer, head] as const);
  const attention = await batch.crossAttention(row, sequence, heads);
  const frames = (attention?.[0]?.length ?? 0) / sequence.length;
  if (!attention || frames === 0) return null;
  const onsets = tokenOnsets(
    attention.map((weights, at) => ({
      weights,
      lagFrames: Math.round(((onsetHeads[at]?.lagMs ?? 0) * SAMPLES_PER_MS) / STEP_SAMPLES),
    })),
    {
      tokens: sequence.length,
      frames,
      usedFrames: Math.max(1, Math.ceil(pcm.length / STEP_SAMPLES)),
      skippedTokens: plainPrompt.length - 1,
    },
  );
  const starts = words.map(
    ({ firstToken }) => (onsets[placeOf[firstToken] ?? 0] ?? 0) * STEP_SAMPLES,
  );
  return starts.map((startSample, at) => {
    const next = Math.min(starts[at + 1] ?? pcm.length, pcm.length);
    // several words may begin in one frame
    if (next <= startSample) return { startSample, endSample: startSample + 1 };
    return { startSample, endSample: findWordEnd(pcm, startSample, next) };
  });
}

/**
 * When the words of a window were said, by the model that comes with the app: it knows the sounds of
 * Latin letters.
 * @returns `null` for other scripts
 */
export async function alignedTimes(
  aligner: Pick<TimingAligner, 'align'>,
  { pcm, words }: Pick<WindowText, 'pcm' | 'words'>,
): Promise<AlignedTime[] | null> {
  const texts = words.map(({ text }) => text);
  if (!isLatin(texts.join(' '))) return null;
  return aligner.align(
    pcm,
    texts,
    words.map(({ confidence }) => confidence),
  );
}

/** Most letters are Latin ones. */
function isLatin(text: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  return letters > 0 && latin * 2 > letters;
}

/**
 * Word times that agree with the spans that the model itself has put the words in: a span most of
 * whose words were found elsewhere, or for whose words nothing is known, has its words spread over it.
 * The edges of spans are coarse, and cut nothing off.
 * @param found one for each word, or `null` when nothing is known of any
 */
export function boundedTimes(
  { window, words, spans }: Pick<WindowText, 'window' | 'words' | 'spans'>,
  found: readonly AlignedTime[] | null,
): AlignedTime[] {
  const times: AlignedTime[] = [];
  for (const { firstToken, lastToken, startSample, endSample } of spans) {
    const own = [...words.keys()].filter((at) => {
      const first = words[at]?.firstToken ?? -1;
      return first >= firstToken && first <= lastToken;
    });
    const known = own.flatMap((at) => found?.[at] ?? []);
    const outside = known.filter(
      (time) => time.endSample <= startSample || time.startSample >= endSample,
    );
    const placed: readonly AlignedTime[] =
      known.length === own.length && outside.length * 2 <= own.length
        ? known
        : spreadOverSpeech(
            own.map((at) => words[at]?.text ?? ''),
            speechWithin(window, startSample, endSample),
          );
    for (const [place, at] of own.entries()) {
      const time = placed[place];
      if (time) times[at] = time;
    }
  }
  return times;
}

/** A span of a window. */
type Span = Readonly<WordTime>;

/** What of [from, to) is speech; all of it when nothing is. */
function speechWithin({ segments }: Window, startSample: number, endSample: number): Span[] {
  const speech = segments
    .map((slot) => ({
      startSample: Math.max(slot.startSample, startSample),
      endSample: Math.min(slot.endSample, endSample),
    }))
    .filter((span) => span.endSample > span.startSample);
  return speech.length > 0 ? speech : [{ startSample, endSample }];
}

/** Distributes words over spans as if there were nothing between them. */
function spreadOverSpeech(texts: readonly string[], spans: readonly Span[]): WordTime[] {
  const lengths = spans.map(({ startSample, endSample }) => endSample - startSample);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  /** Where the n-th sample of speech lies in the window. */
  const placeOf = (sample: number): number => {
    let rest = sample;
    for (const [at, span] of spans.entries()) {
      const length = lengths[at] ?? 0;
      if (rest < length || at === spans.length - 1) return span.startSample + rest;
      rest -= length;
    }
    return sample;
  };
  return distributeWords(texts, 0, total).map(({ startSample, endSample }) => ({
    startSample: placeOf(startSample),
    endSample: placeOf(endSample - 1) + 1,
  }));
}

/**
 * The words of a window's tokens, and the spans of audio that its times put them in.
 * @param pcm the window's
 * @param plainPrompt asks for text without times
 */
export function windowText(
  window: Window,
  pcm: Float32Array,
  { tokens, logProbs }: WindowTokens,
  plainPrompt: readonly number[],
  { config, tokenizer }: Pick<DecodeModel, 'config' | 'tokenizer'>,
): WindowText {
  const words = groupWords(tokens, logProbs, tokenizer);
  const spans = timedSpans(tokens, config.firstTimeId, pcm.length);
  return { window, pcm, tokens, words, spans, plainPrompt };
}

/** Where a window's words may get their times from. */
interface TimeSources {
  /** `null`: there is none, or it cannot be opened here. */
  aligner: TimingAligner | null;
  /** BCP 47 of the words as they were said; `null`: it is not known. */
  spoken: string | null;
  /** By the decoder's attention; `null` when the model does not show it. */
  attention(): Promise<WordTime[] | null>;
}

/**
 * Words with times, in samples of the window: the aligner's, where it knows the language; else those
 * that the decoder's attention gave; else the aligner's all the same; else spread over what the
 * model's own times leave open.
 * @throws RECOGNISE_FAILED; fatal: GPU_DEVICE_LOST, OUT_OF_MEMORY
 */
export async function timedWords(
  text: WindowText,
  { aligner, spoken, attention }: TimeSources,
): Promise<RecognisedWord[]> {
  if (text.words.length === 0) return [];
  const aligned = () => (aligner ? alignedTimes(aligner, text) : null);
  const isOwn = aligner !== null && knowsLanguage(aligner, spoken);
  const found: readonly AlignedTime[] | null = isOwn
    ? ((await aligned()) ?? (await attention()))
    : ((await attention()) ?? (await aligned()));
  return boundedTimes(text, found).map((time, at) => ({
    text: text.words[at]?.text ?? '',
    confidence: text.words[at]?.confidence ?? 0,
    ...time,
  }));
}
