import { throwIfAborted, yieldToEventLoop } from '@/lib/core';
import type {
  PartRun,
  RecognisedWord,
  RecogniseResult,
  SpeechHypothesis,
  SpeechModel,
  SpeechOptions,
} from '@/lib/engine';
import type { TimingAligner } from '@/lib/engine/alignment';
import {
  type CachedDecoder,
  type DecoderBatch,
  type HotTokens,
  HotWordTokens,
} from '@/lib/engine/families/seq2seq';
import type { WritingTokenizer } from '@/lib/engine/words';
import { type DecodeModel, decodeWindows, type RowRequest } from './decode';
import { chooseLanguages, isSure, languageLogProbs, mainLanguage, probabilityOf } from './language';
import type { WhisperEncoder } from './network';
import { HOT_SCORES, hintOf, knownLanguages, languageTag, promptTokens } from './prompt';
import { wordsBySegment } from './spans';
import { type Rest, restOf, type SpeechWindow, speechWindows, WHISPER_SECONDS } from './windows';
import { attentionTimes, type OnsetHead, timedWords, windowText } from './word-times';

/** The parts of a loaded Whisper model. */
export interface WhisperDependencies extends DecodeModel {
  tokenizer: WritingTokenizer;
  encoder: Pick<WhisperEncoder, 'groups' | 'windowSeconds' | 'features' | 'encode' | 'release'>;
  decoder: CachedDecoder;
  aligner: TimingAligner | null;
  /** `null`: it is not known which heads of the decoder show where words lie. */
  onsetHeads: readonly OnsetHead[] | null;
  /** BCP 47 of the one language that the model was made for; `null`: many. */
  onlyLanguage: string | null;
  /** How encoder and decoder are run. */
  runs?: readonly PartRun[];
}

/** A window, and what has been found out about it so far. */
interface WindowState extends SpeechWindow {
  noSpeech: number;
  /** `null` before it was listened to, and where the language is given. */
  languages: Float64Array | null;
  /** The model's code; `null`: not known yet, or the model knows English only. */
  language: string | null;
  /** What it may be instead, where the evidence is thin. */
  rival: string | null;
  words: RecognisedWord[];
  /** Speech behind the text, which is read on its own. */
  rest: Rest | null;
}

/** A window of which at most the language is known. */
const unread = (window: SpeechWindow, language: string | null): WindowState => ({
  ...window,
  noSpeech: 0,
  languages: null,
  language,
  rival: null,
  words: [],
  rest: null,
});

/** One call of `recognise`. */
interface Run {
  task: SpeechOptions['task'];
  /** Languages that may be spoken; `null`: the model knows English only. */
  candidates: ReadonlyMap<string, number> | null;
  windows: WindowState[];
  /** The user's words in the search; `null`: there are none. */
  hot: HotTokens | null;
  /** Tokens that prompt the decoder with them. */
  hint: readonly number[];
  signal: AbortSignal;
  inferenceMs: number;
}

/**
 * A Whisper model (Radford et al. 2022, "Robust Speech Recognition via Large-Scale Weak
 * Supervision"). Segments are packed into windows of 30 s, windows run together. A window stands
 * alone: what was recognised before has no part in it, so that a resumed job gives the same text.
 */
export class WhisperModel implements SpeechModel {
  readonly runs: readonly PartRun[];
  private readonly hotWords: HotWordTokens;

  constructor(private readonly dependencies: WhisperDependencies) {
    this.runs = dependencies.runs ?? [];
    this.hotWords = new HotWordTokens(dependencies.tokenizer, HOT_SCORES);
  }

  async recognise(
    batch: readonly Float32Array[],
    { hotWords, language, task }: SpeechOptions,
    signal: AbortSignal,
  ): Promise<RecogniseResult> {
    throwIfAborted(signal);
    const from = performance.now();
    const { config, encoder, onlyLanguage } = this.dependencies;
    // a language that the model does not know, such as "mul", is detected like any other
    const [known = [], declared = []] = [onlyLanguage, language].map((tags) =>
      knownLanguages(tags, config.languages),
    );
    const possible = known.length > 0 ? known : declared;
    const pinned = possible.length === 1 ? (possible[0] ?? null) : null;
    const windows = speechWindows(batch, {
      together: encoder.windowSeconds,
      apart: possible.length > 1,
    }).map((window) => unread(window, pinned?.code ?? null));
    const candidates =
      possible.length > 1 ? new Map(possible.map(({ code, id }) => [code, id])) : config.languages;
    const hot = this.hotWords.read(hotWords);
    const hint = hintOf(hotWords, this.dependencies);
    const run: Run = { task, candidates, windows, hot, hint, signal, inferenceMs: 0 };
    await this.recogniseWindows(run);
    const main = this.textLanguage(run, pinned?.tag ?? null);
    const hypotheses = batch.map((): SpeechHypothesis => ({ words: [] }));
    for (const state of windows) {
      const language = this.textLanguage({ ...run, windows: [state] }, pinned?.tag ?? null);
      const isOther = language !== null && language !== main;
      for (const [index, words] of wordsBySegment(state.window, state.words))
        hypotheses[index] = { words, ...(isOther && { language }) };
    }
    return {
      hypotheses,
      inferenceMs: run.inferenceMs,
      searchMs: performance.now() - from - run.inferenceMs,
      language: main,
    };
  }

  async release(): Promise<void> {
    const { encoder, decoder, aligner } = this.dependencies;
    await Promise.all([encoder.release(), decoder.release(), aligner?.release()]);
  }

  /** Group by group; a group with a language in doubt is written only after all windows were listened to. */
  private async recogniseWindows(run: Run): Promise<void> {
    const { encoder, decoder } = this.dependencies;
    const groups = encoder
      .groups(
        run.windows.map(({ pcm }) => pcm.length),
        decoder.takesLengths,
      )
      .map((indices) => indices.flatMap((index) => run.windows[index] ?? []));
    const doubtful: WindowState[][] = [];
    await this.eachGroup(groups, run, async (group, decoding) => {
      await this.listen(group, decoding, run);
      const inDoubt = group.some(({ languages }) => languages && !isSure(languages));
      if (inDoubt && group !== groups.at(-1)) doubtful.push(group);
      else await this.write(group, decoding, run);
    });
    // encoded twice: keeping every group's data on the GPU would take too much memory
    await this.eachGroup(doubtful, run, (group, decoding) => this.write(group, decoding, run));
    await this.readOn(run);
  }

  /**
   * Reads the speech left after texts that ended too early, as Whisper's reference implementation does by
   * continuing from the last time. Models that were trained on shorter windows do not stop early.
   */
  private async readOn(run: Run): Promise<void> {
    if (this.dependencies.config.shortestWindow < WHISPER_SECONDS) return;
    const ended = run.windows.flatMap((state) =>
      state.rest ? [{ state, rest: state.rest, own: unread(state.rest, state.language) }] : [],
    );
    if (ended.length === 0) return;
    const further: Run = { ...run, windows: ended.map(({ own }) => own), inferenceMs: 0 };
    await this.recogniseWindows(further);
    run.inferenceMs += further.inferenceMs;
    for (const { state, rest, own } of ended)
      for (const word of own.words)
        state.words.push({
          ...word,
          startSample: word.startSample + rest.fromSample,
          endSample: word.endSample + rest.fromSample,
        });
  }

  /** Encodes groups one after the other; the features of the next are computed meanwhile. */
  private async eachGroup(
    groups: readonly WindowState[][],
    run: Run,
    handle: (group: WindowState[], decoding: DecoderBatch) => Promise<void>,
  ): Promise<void> {
    const { encoder, decoder } = this.dependencies;
    const featuresOf = async (group: WindowState[] | undefined) =>
      group
        ? encoder.features(
            group.map(({ pcm }) => pcm),
            decoder.takesLengths,
          )
        : null;
    let features = await featuresOf(groups[0]);
    for (const [at, group] of groups.entries()) {
      if (!features) break;
      await yieldToEventLoop(run.signal);
      const own = features;
      const [encoded, next] = await this.inNetwork(run, () =>
        Promise.all([encoder.encode(own), featuresOf(groups[at + 1])]),
      );
      const counts = own.counts.map((count) => count / 2);
      features = next;
      const decoding = decoder.begin(encoded, counts);
      try {
        await yieldToEventLoop(run.signal);
        await handle(group, decoding);
      } finally {
        decoding.dispose();
      }
    }
  }

  /** Finds out whether somebody speaks, and in which language. */
  private async listen(group: WindowState[], decoding: DecoderBatch, run: Run): Promise<void> {
    const { config } = this.dependencies;
    const logits = await this.inNetwork(run, () => decoding.firstLogits(config.startId));
    for (const [row, state] of group.entries()) {
      const own = logits[row] ?? new Float32Array(0);
      state.noSpeech = probabilityOf(own, config.noSpeechId);
      if (run.candidates && state.language === null)
        state.languages = languageLogProbs(own, run.candidates);
    }
  }

  /** Decodes a group whose languages are known. */
  private async write(group: WindowState[], decoding: DecoderBatch, run: Run): Promise<void> {
    const { config, aligner, onsetHeads } = this.dependencies;
    this.decideLanguages(group, run);
    await yieldToEventLoop(run.signal);
    const askFor = (
      { noSpeech, speechSamples }: WindowState,
      language: string | null,
    ): RowRequest => ({
      prompt: promptTokens(config, { language, task: run.task, times: true, hint: run.hint }),
      ...{ noSpeech, speechSamples },
    });
    const decode = (requests: (RowRequest | null)[]) =>
      this.inNetwork(run, () => decodeWindows(decoding, requests, this.dependencies, run));
    const rows = await decode(group.map((state) => askFor(state, state.language)));
    if (group.some(({ rival }) => rival !== null)) {
      const others = await decode(
        group.map((state) => (state.rival === null ? null : askFor(state, state.rival))),
      );
      for (const [row, state] of group.entries()) {
        const [own, other] = [rows[row], others[row]];
        const { rival } = state;
        if (rival === null || !own || !other) continue;
        if (meanOf(other.logProbs) <= meanOf(own.logProbs)) continue;
        rows[row] = other;
        state.language = rival;
      }
    }
    for (const [row, state] of group.entries()) {
      await yieldToEventLoop(run.signal);
      const found = rows[row];
      if (!found) continue;
      const { window, pcm, language } = state;
      const prompt = promptTokens(config, { language, task: run.task, times: false });
      const text = windowText(window, pcm, found, prompt, this.dependencies);
      const end = text.spans.at(-1)?.endSample;
      state.rest = end === undefined ? null : restOf(state, end);
      state.words = await timedWords(text, {
        aligner,
        spoken: config.languages ? language && languageTag(language) : 'en',
        attention: () =>
          this.inNetwork(run, () =>
            attentionTimes(decoding, row, text, { onsetHeads, endId: config.endId }),
          ),
      });
    }
  }

  /**
   * Decides by all windows that were listened to; later windows do not affect those that are sure. Windows of
   * other groups keep their language: their text may have decided it.
   */
  private decideLanguages(group: readonly WindowState[], { windows, candidates }: Run): void {
    if (!candidates) return;
    const heard = windows.flatMap((state) =>
      state.languages ? [{ state, logProbs: state.languages }] : [],
    );
    const votes = heard.map(({ state, logProbs }) => ({
      logProbs,
      weight: state.speechSamples,
    }));
    for (const [at, { code, rival }] of chooseLanguages(votes, candidates).entries()) {
      const one = heard[at];
      if (one && group.includes(one.state)) Object.assign(one.state, { language: code, rival });
    }
  }

  private textLanguage(
    { task, windows }: Pick<Run, 'task' | 'windows'>,
    pinned: string | null,
  ): string | null {
    const { languages, tasks } = this.dependencies.config;
    if (!languages) return 'en';
    const spoken = mainLanguage(
      windows.flatMap(({ language, speechSamples, words }) =>
        language !== null && words.length > 0 ? [{ language, weight: speechSamples }] : [],
      ),
    );
    if (task === 'translate' && tasks?.translate != null) return pinned || spoken ? 'en' : null;
    return pinned ?? (spoken && languageTag(spoken));
  }

  private async inNetwork<T>(run: Run, work: () => Promise<T>): Promise<T> {
    const from = performance.now();
    try {
      return await work();
    } finally {
      run.inferenceMs += performance.now() - from;
    }
  }
}

/** Mean log-probability; lower for no text than for any text. */
function meanOf(logProbs: readonly number[]): number {
  if (logProbs.length === 0) return Number.NEGATIVE_INFINITY;
  return logProbs.reduce((sum, value) => sum + value, 0) / logProbs.length;
}
