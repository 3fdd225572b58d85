import type { CtcSearch } from '@/lib/catalogue';
import { AppError, yieldToEventLoop } from '@/lib/core';
import {
  type BatchLimits,
  type PartRun,
  planBatches,
  type RecognisedWord,
  type RecogniseResult,
  type SpeechHypothesis,
  type SpeechModel,
  type SpeechOptions,
} from '@/lib/engine';
import { Aligner, type PhoneNetwork, type PhoneScores, wordTimes } from '@/lib/engine/alignment';
import {
  BeamSearch,
  buildLexicon,
  HotWordReader,
  type HotWords,
  LanguageModel,
  type Lexicon,
  NO_HOT_WORDS,
  parseVocabulary,
  SoundAlikes,
  type Vocabulary,
} from '@/lib/engine/search';

export interface EngineFiles {
  vocabulary: ArrayBuffer;
  languageModel: ArrayBuffer;
}

export interface EngineOptions {
  search: CtcSearch;
  limits: BatchLimits;
  /** BCP 47 of the text. */
  language: string;
  /** How the network is run. */
  runs?: readonly PartRun[];
}

/** A search, and what the user wants written in another way than the model would. */
interface VocabularySearch {
  /** The user's words that it was made for. */
  key: string;
  search: BeamSearch;
  soundAlikes: SoundAlikes;
  written: ReadonlyMap<number, string>;
}

/** A recogniser of the CTC family on one thread: network, word search, times and case. */
export class CtcEngine implements SpeechModel {
  readonly runs: readonly PartRun[];
  private readonly vocabulary: Vocabulary;
  private readonly model: LanguageModel;
  private readonly lexicon: Lexicon;
  private readonly aligner: Aligner;
  /** Made when the first user's word comes. */
  private hotWordReader: HotWordReader | null = null;
  /** The search for the vocabulary seen last. */
  private last: VocabularySearch;

  /** @throws MODEL_HASH_MISMATCH when a file is not what it should be */
  constructor(
    private readonly network: PhoneNetwork,
    files: EngineFiles,
    private readonly options: EngineOptions,
  ) {
    this.runs = options.runs ?? [];
    this.vocabulary = parseVocabulary(files.vocabulary);
    this.model = new LanguageModel(files.languageModel);
    const units = this.vocabulary.phones.length;
    this.lexicon = buildLexicon(this.model, units);
    this.last = this.searchOf('', NO_HOT_WORDS);
    this.aligner = new Aligner(units, options.search.blankPenalty);
  }

  /**
   * Recognises segments of 16 kHz PCM. What comes out for a segment does not depend on the others.
   * @throws RECOGNISE_FAILED for samples or scores that are not finite; what the network throws
   */
  async recognise(
    batch: readonly Float32Array[],
    { hotWords }: Pick<SpeechOptions, 'hotWords'>,
    signal: AbortSignal,
  ): Promise<RecogniseResult> {
    const vocabulary = await this.searchFor(hotWords);
    const hypotheses: SpeechHypothesis[] = batch.map(() => ({ words: [] }));
    const times = { inferenceMs: 0, searchMs: 0 };
    const lengths = batch.map((pcm) => pcm.length);
    for (const run of planBatches(lengths, this.options.limits)) {
      const rows = run.map((index) => batch[index] ?? new Float32Array(0));
      await yieldToEventLoop(signal);
      let from = performance.now();
      const scores = await this.runNetwork(rows);
      times.inferenceMs += performance.now() - from;
      for (const [row, index] of run.entries()) {
        await yieldToEventLoop(signal);
        from = performance.now();
        hypotheses[index] = {
          words: this.findWords(vocabulary, scores, row, rows[row]?.length ?? 0),
        };
        times.searchMs += performance.now() - from;
      }
    }
    return { hypotheses, ...times, language: this.options.language };
  }

  /** Frees the network. */
  release(): Promise<void> {
    return this.network.release();
  }

  /** The search that knows the user's words: the last one, or recreated when they change. */
  private async searchFor(phrases: readonly string[]): Promise<VocabularySearch> {
    const key = phrases.join('\n');
    if (key === this.last.key) return this.last;
    this.hotWordReader ??= new HotWordReader(this.model);
    this.last = this.searchOf(key, await this.hotWordReader.read(phrases));
    return this.last;
  }

  private searchOf(key: string, hotWords: HotWords): VocabularySearch {
    const { model, lexicon, options } = this;
    const units = this.vocabulary.phones.length;
    const search = new BeamSearch(model, lexicon, units, options.search, hotWords);
    const soundAlikes = new SoundAlikes(model, search.lexicon, units, options.search);
    return { key, search, soundAlikes, written: hotWords.written };
  }

  private async runNetwork(rows: readonly Float32Array[]): Promise<PhoneScores> {
    const longest = Math.max(...rows.map((pcm) => pcm.length));
    const units = this.vocabulary.phones.length;
    if (longest === 0) return { data: new Float32Array(0), frames: 0, units };
    const pcm = new Float32Array(rows.length * longest);
    for (const [row, samples] of rows.entries()) pcm.set(samples, row * longest);
    requireFinite(pcm, 'sample');
    const scores = await this.network.run(
      pcm,
      rows.map((samples) => samples.length),
    );
    if (scores.units !== units || scores.frames < this.framesOf(longest))
      throw new AppError('RECOGNISE_FAILED', 'The scores have the wrong shape.', {
        details: { units: scores.units, frames: scores.frames, samples: longest },
      });
    return scores;
  }

  private framesOf(samples: number): number {
    return Math.ceil(samples / this.vocabulary.frameSamples);
  }

  private findWords(
    { search, soundAlikes, written }: VocabularySearch,
    { data, frames, units }: PhoneScores,
    row: number,
    samples: number,
  ) {
    const valid = this.framesOf(samples);
    const logProbs = data.subarray(row * frames * units, (row * frames + valid) * units);
    requireFinite(logProbs, 'score');
    const found = search.search(logProbs, valid);
    const aligned = this.aligner.align(
      logProbs,
      valid,
      found.map(({ node }) => search.lexicon.unitsTo(node)),
    );
    const formOf = (word: number) => written.get(word) ?? this.model.words[word] ?? '';
    const texts = sentenceCase(
      found.map(({ word }) => formOf(word)),
      true,
    );
    const alternatives = soundAlikes.ofDoubtful(
      logProbs,
      valid,
      aligned.map((place, at) => ({ ...place, word: found[at]?.word ?? 0 })),
    );
    const times = wordTimes(aligned, this.vocabulary.frameSamples, samples);
    return times.map((time, index): RecognisedWord => {
      const others = alternatives.get(index);
      return {
        text: texts[index] ?? '',
        ...time,
        confidence: aligned[index]?.confidence ?? 0,
        ...(others && { alternatives: others.map(formOf) }),
      };
    });
  }
}

function requireFinite(values: Float32Array, what: string): void {
  for (let at = 0; at < values.length; at++)
    if (!Number.isFinite(values[at]))
      throw new AppError('RECOGNISE_FAILED', `A ${what} is ${values[at]}.`, { details: { at } });
}

/** Word forms that English writes with a capital wherever they stand. */
const CAPITAL_I = /^i(?:'(?:m|d|ll|ve|d've|ll've))?$/;

/**
 * English words in the case they are written in: as the language model or the user writes them, but
 * for the pronoun "I", and a capital where a sentence begins. A word with a capital of its own
 * ("iPhone") keeps its form there too. The network does not output punctuation, so none is invented.
 * @param startsSentence the words follow a pause, or are the first
 */
export function sentenceCase(words: readonly string[], startsSentence: boolean): string[] {
  return words.map((word, index) =>
    (index === 0 && startsSentence && !/\p{Lu}/u.test(word)) || CAPITAL_I.test(word)
      ? capitalise(word)
      : word,
  );
}

/** Makes the first letter a capital, also after an apostrophe: `'twas` → `'Twas`. */
function capitalise(word: string): string {
  return word.replace(/\p{L}/u, (letter) => letter.toUpperCase());
}
