import { createStore, type StoreApi } from 'zustand/vanilla';
import type {
  CaptureInput,
  InputTurn,
  LiveParagraph,
  LiveWord,
  RecordingState,
} from '@/lib/client/recording';
import { SAMPLE_RATE_HZ } from '@/lib/engine/audio';
import {
  type CaptionPhase,
  type Captions,
  type CaptionWord,
  MAX_LETTERS,
  NO_CAPTIONS,
} from './captions';

/** While the better model loads, words older than this become final, in samples. */
const LOADING_SAMPLES = 30 * SAMPLE_RATE_HZ;

/**
 * The captions of a tab's recording. Words are final once nothing replaces them: where a better model follows the
 * live text, once it has written them. After that they stay as they are, so that nobody has to read a line twice.
 * @param nameOf what an input is called where there are several, so that it says who speaks
 * @param readLanguage the language of the speech as the user has chosen it, BCP 47; `null`: not chosen
 */
export function captionsOf(
  recording: Pick<StoreApi<RecordingState>, 'getState' | 'subscribe'>,
  readLanguage: () => Promise<string | null>,
  nameOf: (input: CaptureInput) => string,
): StoreApi<Captions> {
  const captions = createStore<Captions>(() => NO_CAPTIONS);
  let text = new FinalText(nameOf);
  let id: string | null = null;
  const begin = (recordingId: string) => {
    id = recordingId;
    text = new FinalText(nameOf);
    captions.setState({ language: null });
    readLanguage().then(
      (language) => captions.setState({ language }),
      (error: unknown) => console.warn('The language of the captions is not known', error),
    );
  };
  const show = (state: RecordingState) => {
    if (state.phase !== 'idle' && state.id !== null && state.id !== id) begin(state.id);
    if (id === null) return;
    captions.setState({
      phase: phaseOf(state),
      // a recording in which nothing was said has lost its title by the time it ends
      title: state.title.slice(0, MAX_LETTERS) || captions.getState().title,
      ...text.take(state),
    });
    if (state.phase === 'idle') id = null;
  };
  show(recording.getState());
  recording.subscribe((state, before) => {
    if (hasNewText(state, before)) show(state);
  });
  return captions;
}

/** Ignores the input level, which changes ten times a second. */
function hasNewText(now: RecordingState, before: RecordingState): boolean {
  return (
    now.paragraphs !== before.paragraphs ||
    now.partial !== before.partial ||
    now.phase !== before.phase ||
    now.id !== before.id ||
    now.title !== before.title ||
    now.notices !== before.notices ||
    now.liveModel !== before.liveModel ||
    now.secondModel !== before.secondModel
  );
}

function phaseOf({ phase, notices, liveModel }: RecordingState): CaptionPhase {
  switch (phase) {
    case 'idle':
      return 'ended';
    case 'paused':
    case 'interrupted':
      return 'paused';
    case 'starting':
      return 'waiting';
    case 'recording':
    case 'finishing':
      if (notices.some(({ kind }) => kind === 'no-live-text')) return 'unavailable';
      return liveModel === null ? 'waiting' : 'listening';
  }
}

/** A word, and whether it starts a paragraph. */
interface PlacedWord {
  word: LiveWord;
  starts: boolean;
}

/** Words of one recording. Final words do not change again. */
class FinalText {
  private readonly final: CaptionWord[] = [];
  /** Words before this sample are final. */
  private endSample = 0;
  /** Who spoke the last final word. */
  private speaker: string | null = null;

  constructor(private readonly nameOf: (input: CaptureInput) => string) {}

  take({
    phase,
    paragraphs,
    partial,
    turns,
    secondModel,
  }: RecordingState): Pick<Captions, 'words' | 'finalCount'> {
    const rest = this.behindFinal(paragraphs);
    const isFollowed = secondModel?.state === 'loading' || secondModel?.state === 'following';
    const finalCount =
      phase === 'idle' || !isFollowed
        ? rest.length
        : countFinal(rest, secondModel.state === 'loading');
    const final = this.spoken(rest.slice(0, finalCount), turns, this.speaker);
    this.final.push(...final.words);
    this.speaker = final.speaker;
    this.endSample = rest[finalCount - 1]?.word.endSample ?? this.endSample;
    const unsure = [
      ...rest.slice(finalCount),
      ...(phase === 'idle' ? [] : this.placePartial(paragraphs, partial)),
    ];
    return {
      words: [...this.final, ...this.spoken(unsure, turns, this.speaker).words],
      finalCount: this.final.length,
    };
  }

  /** Words as captions have them: another speaker starts a paragraph. */
  private spoken(
    placed: readonly PlacedWord[],
    turns: readonly InputTurn[],
    before: string | null,
  ) {
    let speaker = before;
    const words = placed.map(({ word, starts }): CaptionWord => {
      const text = word.text.slice(0, MAX_LETTERS);
      const middle = (word.startSample + word.endSample) / 2;
      const turn = turns.findLast(({ startSample }) => startSample <= middle);
      const now = turn ? this.nameOf(turn.input) : null;
      const isSame = now === speaker;
      speaker = now;
      return starts || !isSame ? { text, speaker } : text;
    });
    return { words, speaker };
  }

  private behindFinal(paragraphs: readonly LiveParagraph[]): PlacedWord[] {
    const from = Math.max(
      0,
      paragraphs.findLastIndex(({ startSample }) => startSample < this.endSample),
    );
    return paragraphs
      .slice(from)
      .flatMap(({ words }) => words.map((word, at) => ({ word, starts: at === 0 })))
      .filter(({ word }) => (word.startSample + word.endSample) / 2 >= this.endSample);
  }

  /** Partial words belong to the last paragraph, which may still be empty. */
  private placePartial(
    paragraphs: readonly LiveParagraph[],
    partial: readonly LiveWord[],
  ): PlacedWord[] {
    const isNew = (paragraphs.at(-1)?.words.length ?? 0) === 0;
    return partial.map((word, at) => ({ word, starts: isNew && at === 0 }));
  }
}

/** How many of these words the better model will not replace: it takes segments in order. */
function countFinal(words: readonly PlacedWord[], isLoading: boolean): number {
  const followed = words.findLastIndex(({ word }) => word.isSecond) + 1;
  if (!isLoading) return followed;
  const latest = words.at(-1)?.word.endSample ?? 0;
  const old = words.findLastIndex(({ word }) => word.endSample < latest - LOADING_SAMPLES) + 1;
  return Math.max(followed, old);
}
