import type { EmbeddedModel } from '../../models/catalogue';
import { type AlignedWord, Aligner } from '../ctc/alignment';
import { LanguageModel } from '../ctc/language-model';
import { ortNetwork, type PhoneNetwork } from '../ctc/network';
import { parseVocabulary, type Vocabulary } from '../ctc/vocabulary';
import { wordTimes } from '../ctc/word-times';
import type { Runtime } from '../runtime';
import { placeUnread } from './place-unread';
import { spreadWords, type WordTime } from './spread';
import { WordReader } from './word-reader';

/** The files of the embedded model. */
export interface AlignerFiles {
  network: Uint8Array<ArrayBuffer>;
  vocabulary: Uint8Array<ArrayBuffer>;
  languageModel: Uint8Array<ArrayBuffer>;
}

type Units = readonly number[];

/** A word that can be read: its place among all words, and the ways to say it. */
interface ReadWord {
  index: number;
  readings: readonly Units[];
}

/**
 * Loads the embedded model's phone network and word list to time words that another model heard; the
 * search that finds words is not built.
 * @param search of the model's entry in the catalogue
 * @throws MODEL_HASH_MISMATCH when a file is not what it should be; BACKEND_UNAVAILABLE,
 * RECOGNISE_FAILED, OUT_OF_MEMORY
 */
export async function openAligner(
  runtime: Runtime,
  files: AlignerFiles,
  { search }: Pick<EmbeddedModel, 'search'>,
): Promise<WordAligner> {
  const vocabulary = parseVocabulary(bufferOf(files.vocabulary));
  const reader = new WordReader(new LanguageModel(bufferOf(files.languageModel)));
  const network = ortNetwork(runtime, await runtime.open(files.network));
  return new WordAligner(network, { vocabulary, reader, blankPenalty: search.blankPenalty });
}

interface AlignerParts {
  vocabulary: Vocabulary;
  reader: WordReader;
  /** Taken off the blank, as in the search. */
  blankPenalty: number;
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

  constructor(
    private readonly network: PhoneNetwork,
    private readonly parts: AlignerParts,
  ) {
    this.units = parts.vocabulary.phones.length;
    this.frameSamples = parts.vocabulary.frameSamples;
    this.aligner = new Aligner(this.units, parts.blankPenalty);
  }

  /**
   * Where each word lies in 16 kHz PCM of up to 30 s: in order, not overlapping, inside the PCM, at
   * least one sample each. Words that cannot all lie there, being too many, share it by their letters.
   * @throws RECOGNISE_FAILED; fatal: GPU_DEVICE_LOST, OUT_OF_MEMORY
   */
  async align(pcm: Float32Array, words: readonly string[]): Promise<WordTime[]> {
    const read: ReadWord[] = [];
    for (const [index, word] of words.entries()) {
      const readings = await this.parts.reader.read(word);
      if (readings.length > 0) read.push({ index, readings });
    }
    if (read.length === 0 || pcm.length === 0) return spreadWords(words, 0, pcm.length);
    const { data, frames } = await this.network.run(pcm, [pcm.length]);
    const aligned = this.alignRead(data, frames, read);
    if (!aligned) return spreadWords(words, 0, pcm.length);
    const times = wordTimes(aligned, this.frameSamples, pcm.length);
    const known = new Map(times.map((time, at) => [read[at]?.index ?? -1, time]));
    return placeUnread(words, known, pcm.length);
  }

  /** Frees the network. */
  release(): Promise<void> {
    return this.network.release();
  }

  /** `null` when the words' units do not fit into the frames, or the scores are no numbers. */
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

  /** The way to say a word that frames [from, to) speak for most. */
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

/** A frame for each unit, and one for the blank between two that are alike. */
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
