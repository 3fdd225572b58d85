import type { CtcSearch, DraftModel } from '@/lib/catalogue';
import type { InferenceRuntime } from '@/lib/engine/runtime';
import {
  ALTERNATIVES_BELOW,
  buildLexicon,
  LanguageModel,
  parseVocabulary,
  SoundAlikes,
  UNKNOWN_WORD,
  type Vocabulary,
} from '@/lib/engine/search';
import { type AlignedWord, Aligner, wordTimes } from './alignment';
import {
  distributeWords,
  interpolateTimes,
  placeWithoutEvidence,
  type WordTime,
} from './interpolate-times';
import { openPhoneNetwork, type PhoneNetwork } from './phone-network';
import { WordReader } from './spoken-form';

/** The files of the built-in model. */
export interface AlignerFiles {
  network: Uint8Array<ArrayBuffer>;
  vocabulary: Uint8Array<ArrayBuffer>;
  languageModel: Uint8Array<ArrayBuffer>;
}

/** When a word was said. */
export interface AlignedTime extends WordTime {
  /**
   * How well the audio there matches the word, 0 to 1; near 0 without acoustic evidence for it. Absent for
   * words that cannot be read, and where there was no sound to compare.
   */
  agreement?: number;
  /** For a doubtful word, what it may be instead, as spelt in the word list: the likeliest first. */
  alternatives?: string[];
}

/**
 * Below this agreement, the sound holds no trace of the word. On training speech, clean and in noise, nine in
 * ten words that were not said fall below it, and fewer than one in a hundred of those that were.
 */
const MIN_AGREEMENT = 0.02;
/**
 * A word whose model is at least `SURE` of it is taken as right whatever the sound says; a less sure one is
 * doubtful where its agreement with the sound is below `UNHEARD`. This is looser than the calibrated
 * confidence, which is computed later: a word that turns out to be sure loses its alternatives again.
 */
const SURE = 0.8;
const UNHEARD = 0.2;
/** The most rounds of alignment, each with fewer words than the one before. */
const MAX_ROUNDS = 4;

type Units = readonly number[];

/** A word that can be read: its position among all words, and the ways to say it. */
interface ReadWord {
  index: number;
  readings: readonly Units[];
}

/** Words that were found in the sound, and where. */
interface AlignedRead {
  read: readonly ReadWord[];
  aligned: readonly AlignedWord[];
}

/**
 * Loads the built-in model's phone network and word list to time words that another model recognised; the
 * search that finds words is not built.
 * @param search of the model's entry in the catalogue
 * @throws MODEL_HASH_MISMATCH when a file is not what it should be; BACKEND_UNAVAILABLE,
 * RECOGNISE_FAILED, OUT_OF_MEMORY
 */
export async function openAligner(
  runtime: InferenceRuntime,
  files: AlignerFiles,
  { search, languages }: Pick<DraftModel, 'search' | 'languages'>,
): Promise<WordAligner> {
  const vocabulary = parseVocabulary(bufferOf(files.vocabulary));
  const model = new LanguageModel(bufferOf(files.languageModel));
  const { opened: network } = await openPhoneNetwork(runtime, files.network);
  return new WordAligner(network, {
    vocabulary,
    model,
    search,
    language: languages[0] ?? 'und',
  });
}

interface AlignerDependencies {
  vocabulary: Vocabulary;
  model: LanguageModel;
  search: CtcSearch;
  /** BCP 47 of the speech that the network was trained on. */
  language: string;
}

/**
 * Finds out when known words were said: the most probable CTC path through their units. English
 * pronunciations are looked for, whatever the language; words in another script get a share of the
 * time between those around them.
 */
export class WordAligner {
  private readonly aligner: Aligner;
  private readonly frameSamples: number;
  private readonly units: number;
  /** BCP 47 of the speech whose words it times best. */
  readonly language: string;
  private readonly reader: WordReader;
  private readonly model: LanguageModel;
  /** Made, with the tree of all words, for the first doubtful word. */
  private soundAlikes: SoundAlikes | null = null;

  constructor(
    private readonly network: PhoneNetwork,
    private readonly dependencies: AlignerDependencies,
  ) {
    this.model = dependencies.model;
    this.reader = new WordReader(this.model);
    this.language = dependencies.language;
    this.units = dependencies.vocabulary.phones.length;
    this.frameSamples = dependencies.vocabulary.frameSamples;
    this.aligner = new Aligner(this.units, dependencies.search.blankPenalty);
  }

  /**
   * Where each word lies in 16 kHz PCM of up to 30 s: in order, not overlapping, inside the PCM, at
   * least one sample each. Words that cannot all lie there, being too many, share it by their letters.
   * @param confidences of the words: those that are doubtful, by them or by the sound, get alternatives;
   * not given: none are looked for
   * @throws RECOGNISE_FAILED; fatal: GPU_DEVICE_LOST, OUT_OF_MEMORY
   */
  async align(
    pcm: Float32Array,
    words: readonly string[],
    confidences?: readonly number[],
  ): Promise<AlignedTime[]> {
    const read: ReadWord[] = [];
    for (const [index, word] of words.entries()) {
      const readings = await this.reader.read(word);
      if (readings.length > 0) read.push({ index, readings });
    }
    if (read.length === 0 || pcm.length === 0) return distributeWords(words, 0, pcm.length);
    const { data, frames } = await this.network.run(pcm, [pcm.length]);
    const agreements = new Map<number, number>();
    const evidence = this.alignWithEvidence(data, frames, read, agreements);
    if (!evidence) return distributeWords(words, 0, pcm.length);
    const times = wordTimes(evidence.aligned, this.frameSamples, pcm.length);
    const known = new Map(times.map((time, at) => [evidence.read[at]?.index ?? -1, time]));
    const withoutEvidence = new Set(read.flatMap(({ index }) => (known.has(index) ? [] : [index])));
    const others = confidences
      ? this.alternatives(data, frames, evidence, words, confidences)
      : new Map<number, string[]>();
    return interpolateTimes(words, placeWithoutEvidence(withoutEvidence, known), pcm.length).map(
      (time, index) => {
        const agreement = agreements.get(index);
        const alternatives = others.get(index);
        return {
          ...time,
          ...(agreement !== undefined && { agreement }),
          ...(alternatives && { alternatives }),
        };
      },
    );
  }

  /** What doubtful words may be instead, by their index among all words. */
  private alternatives(
    logProbs: Float32Array,
    frames: number,
    { read, aligned }: AlignedRead,
    words: readonly string[],
    confidences: readonly number[],
  ): Map<number, string[]> {
    const { model, search } = this.dependencies;
    this.soundAlikes ??= new SoundAlikes(
      model,
      buildLexicon(model, this.units),
      this.units,
      search,
    );
    const placed = aligned.map((place, at) => {
      const index = read[at]?.index ?? -1;
      const word = this.reader.idOf(words[index] ?? '');
      const own = confidences[index] ?? 1;
      const isDoubtful = own < ALTERNATIVES_BELOW || (own < SURE && place.confidence < UNHEARD);
      // for a number or several words in one, a single-word alternative would drop the rest
      const confidence = word !== null && isDoubtful ? 0 : 1;
      return { ...place, word: word ?? UNKNOWN_WORD, confidence };
    });
    const found = this.soundAlikes.ofDoubtful(logProbs, frames, placed);
    return new Map(
      Array.from(found, ([at, ids]) => [
        read[at]?.index ?? -1,
        ids.map((id) => model.words[id] ?? ''),
      ]),
    );
  }

  /** Frees the network. */
  release(): Promise<void> {
    return this.network.release();
  }

  /** `null` when the words' units do not fit into the frames, or the scores are not finite. */
  private alignRead(
    logProbs: Float32Array,
    frames: number,
    read: readonly ReadWord[],
  ): AlignedWord[] | null {
    if (!logProbs.every(Number.isFinite)) return null;
    const usual = read.map(({ readings }) => readings[0] ?? []);
    if (framesNeeded(usual) > frames) return null;
    const aligned = this.aligner.align(logProbs, frames, usual.map(toArray));
    const best = read.map(({ readings }, at) => {
      const from = (aligned[at - 1]?.lastFrame ?? -1) + 1;
      const to = aligned[at + 1]?.firstFrame ?? frames;
      return this.bestReading(logProbs, from, to, readings);
    });
    if (best.every((units, at) => units === usual[at]) || framesNeeded(best) > frames)
      return aligned;
    return this.aligner.align(logProbs, frames, best.map(toArray));
  }

  /**
   * Aligns words, leaving out those without acoustic evidence, which would take sound from the words around
   * them. Of neighbours the worst is dropped first: the others may only have lacked room beside it.
   * @param agreements how well each word fits, by its index; filled here
   * @returns the words found in the audio; `null` as `alignRead` gives it
   */
  private alignWithEvidence(
    logProbs: Float32Array,
    frames: number,
    words: readonly ReadWord[],
    agreements: Map<number, number>,
  ): AlignedRead | null {
    let read = words;
    let aligned = this.alignRead(logProbs, frames, read);
    for (let round = 1; aligned; round++) {
      const fits = aligned.map(({ confidence }) => confidence);
      for (const [at, { index }] of read.entries()) agreements.set(index, fits[at] ?? 0);
      const kept = read.filter((_, at) => !isWorst(fits, at));
      if (round === MAX_ROUNDS || kept.length === 0 || kept.length === read.length)
        return { read, aligned };
      read = kept;
      aligned = this.alignRead(logProbs, frames, read);
    }
    return null;
  }

  /** The pronunciation of a word that frames [from, to) support best. */
  private bestReading(
    logProbs: Float32Array,
    from: number,
    to: number,
    readings: readonly Units[],
  ): Units {
    let best = readings[0] ?? [];
    if (readings.length < 2) return best;
    const scores = logProbs.subarray(from * this.units, to * this.units);
    let highest = -1;
    for (const units of readings) {
      if (framesNeeded([units]) > to - from) continue;
      const confidence =
        this.aligner.align(scores, to - from, [toArray(units)])[0]?.confidence ?? 0;
      if (confidence > highest) {
        highest = confidence;
        best = units;
      }
    }
    return best;
  }
}

/** Whether a word leaves no trace in the sound and fits no better than its neighbours. */
function isWorst(fits: readonly number[], at: number): boolean {
  const own = fits[at] ?? 1;
  return own < MIN_AGREEMENT && own <= (fits[at - 1] ?? 1) && own <= (fits[at + 1] ?? 1);
}

/** One frame for each unit, and one for the blank between two equal units. */
function framesNeeded(words: readonly Units[]): number {
  const units = words.flat();
  return units.filter((unit, at) => unit === units[at - 1]).length + units.length;
}

function toArray(units: Units): number[] {
  return [...units];
}

function bufferOf(bytes: Uint8Array<ArrayBuffer>): ArrayBuffer {
  const isWhole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
  return isWhole ? bytes.buffer : bytes.slice().buffer;
}
