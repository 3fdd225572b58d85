import type { Shape } from './graph';
import { all, balanced, matrix } from './shapes';
import { timeDimensions } from './times';
import { SOURCE_POSITIONS, TARGET_POSITIONS } from './whisper-config';
import type { WhisperTokens } from './whisper-tokens';

/** What a random Whisper tends to do. */
export interface WhisperHabits {
  /** Standard deviation of text logits, about: small for a model that is sure of nothing. */
  contrast: number;
  /** Takes the same few tokens again and again, and comes to no end. */
  looping: boolean;
  /** Says "no speech" of everything. */
  silent: boolean;
}

/**
 * What the first dimensions of the decoder mean; the others are random, and no layer but those
 * named here reads or writes these.
 */
export const DECODED = {
  /** How likely a token is by itself. */
  prior: 0,
  /** Grows from token to token, towards the end of text. */
  end: 1,
  /** Where in the window the text is by now. */
  time: 2,
  /** Carried by `<|notimestamps|>` ... */
  noTimesMark: 6,
  /** ... which the first layer's first head looks for, to keep times away. */
  noTimes: 7,
  random: 8,
};

/** Scale of the last normalisation in the dimensions with a meaning. */
const MEANING = 5;
/** Logit of a prior of 1. */
const PRIOR = 20;
/** What makes times about as likely, all together, as the likeliest word. */
const TIME_PRIOR = -1.4;
/** Deviation of embeddings in the random dimensions, times the root of their number: of logits. */
const EMBEDDING = 6.5;
/** 20 ms steps of audio for each token. */
const STEPS_PER_TOKEN = 14;

/**
 * Signs of the last normalisation take turns: with equal ones a token would be the likeliest after
 * itself, since it is read and written by the same weights.
 */
function sign(column: number, habits: WhisperHabits): number {
  return column % 2 === 1 && !habits.looping ? -1 : 1;
}

/** Scales of the last normalisation. */
export function lastScale(width: number, habits: WhisperHabits): Shape {
  return (data) => {
    for (let column = DECODED.random; column < width; column++)
      data[column] = sign(column, habits) * (habits.contrast / EMBEDDING);
    data.fill(MEANING, 0, DECODED.random);
    data[DECODED.prior] = 0;
    data[DECODED.noTimesMark] = 0;
  };
}

/** Offsets of the last normalisation: what the priors are multiplied with. */
export const lastBias: Shape = (data) => {
  data[DECODED.prior] = PRIOR;
};

/** Deviation of embeddings in their random dimensions. */
export function embeddingDeviation(width: number): number {
  return EMBEDDING / Math.sqrt(width - DECODED.random);
}

/** Embeddings of the tokens, which also are the output layer. */
export function embeddings(tokens: WhisperTokens, width: number, habits: WhisperHabits): Shape {
  const meaning = tokenShape(tokens, width, habits);
  return habits.looping ? meaning : all(balanced(width, DECODED.random), meaning);
}

/** Embeddings in the dimensions with a meaning. */
function tokenShape(tokens: WhisperTokens, width: number, habits: WhisperHabits): Shape {
  const { prior, end, time, noTimes, noTimesMark, random } = DECODED;
  return matrix(width, (set) => {
    const clear = (id: number, value: number) => {
      for (let column = 0; column < random; column++) set(id, column, 0);
      set(id, prior, value);
    };
    // parts of words are rare, bytes more so, and most of all what only fills the vocabulary
    tokens.text.forEach((text, id) => {
      const part = id < 256 ? -0.75 : -0.3;
      clear(id, tokens.words.has(id) ? 0 : text.startsWith('unused') ? -1.25 : part);
    });
    for (let id = tokens.text.length; id < tokens.firstTime; id++) clear(id, -1.25);
    for (let id = tokens.firstTime; id < tokens.size; id++) {
      clear(id, TIME_PRIOR);
      timeDimensions(id - tokens.firstTime).forEach((value, index) => {
        set(id, time + index, value * (index < 2 ? 4 : 2));
      });
      set(id, noTimes, -3);
    }
    set(tokens.end, prior, habits.looping ? -1.25 : -0.3);
    set(tokens.end, end, habits.looping ? 0 : 3);
    set(tokens.noTimestamps, noTimesMark, 4);
    if (habits.silent) set(tokens.noSpeech, prior, 1.25);
  });
}

/** Positions in the dimensions with a meaning. */
export function positionShape(width: number): Shape {
  return matrix(width, (set) => {
    for (let position = 0; position < TARGET_POSITIONS; position++) {
      for (let column = 0; column < DECODED.random; column++) set(position, column, 0);
      set(position, DECODED.end, Math.min(position, 100) / 25);
      const step = Math.min(Math.max(0, position - 2) * STEPS_PER_TOKEN, SOURCE_POSITIONS);
      timeDimensions(step).forEach((value, index) => {
        set(position, DECODED.time + index, 2 * value);
      });
    }
  });
}
