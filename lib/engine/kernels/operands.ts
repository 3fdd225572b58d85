import type { Panels } from './panels';

/** Where something lies in the kernels' memory, in bytes. */
export type Address = number;

/** Memory for the keys and values of one attention, and for their scales where they are bytes. */
export interface AttentionRoom {
  keys: Address;
  values: Address;
  keyScales: Address;
  valueScales: Address;
  inBytes: boolean;
}

/** Values in rows; a row begins `stride` bytes after the last one. */
export interface Matrix {
  at: Address;
  rows: number;
  columns: number;
  /** Bytes. */
  stride: number;
}

/** Memory for quantised values. */
export interface Integers {
  at: Address;
  /** The scale, for all rows or for each; with bytes, also the zero point and the sum of each row. */
  scale: Address;
}

/** Integers in rows. */
export interface QuantisedMatrix extends Matrix {
  scale: Address;
  /** Bytes, with a scale for each row; else 16-bit integers. */
  inBytes: boolean;
}

/** Weights of a product, written into memory: what they were made of is not kept. */
export interface Weights {
  panels: Omit<Panels, 'write'>;
  at: Address;
  bias: Address;
  scales: Address;
}

/** Caches of keys and values, of which each row of tokens has one. Addresses; see `kernels/steps.ts`. */
export interface Caches {
  /** [slots][heads][positions / 16][headSize][16] */
  keys: Address;
  /** [slots][heads][frames][headSize] */
  values: Address;
  /** By row: its slot and the place of its token. 32-bit integers. */
  places: Address;
  /** Bytes of a dimension of a head; bytes from slot to slot. */
  shape: Address;
}

/** Keys and values of the encoder's frames in bytes, by slot. Addresses; see `kernels/frames.ts`. */
export interface FrameCaches {
  keys: Address;
  keyScales: Address;
  values: Address;
  valueScales: Address;
  /** By row: its slot, and an integer that is not read. */
  places: Address;
  /**
   * 32-bit integers, two each for the slot that is being filled, then for each slot: how many frames are
   * stored before its own, a multiple of `FRAME_ROOM`, and how many it has, a multiple of 4.
   */
  spans: Address;
  /**
   * 32-bit integers: bytes from row to row, and for each head the address at which to record the frames'
   * shares for the first row; 0: nowhere.
   */
  shown: Address;
}

/** What a choice among logits takes and gives. Addresses; see `kernels/steps.ts`. */
export interface Choosing {
  text: Address;
  times: Address;
  firstTime: Address;
  rules: Address;
  found: Address;
}

/** Where everything lies, and what is to be written there before the first run. */
export interface Layout {
  /** Memory needed. */
  bytes: number;
  program: Address;
  /** How many. */
  operations: number;
  /** For each thread. */
  scratch: Address[];
  /** Fills in constants; once. */
  write(memory: ArrayBufferLike): void;
}
