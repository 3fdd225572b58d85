import type { Panels } from './panels';

/** Where something lies in the kernels' memory, in bytes. */
export type Address = number;

/** Memory for the keys and values of one attention, and what their steps are worth where they are bytes. */
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

/** Memory for values made integers. */
export interface Integers {
  at: Address;
  /** What one step is worth: of all together, or of each row; of bytes what stands for zero, and their sum, too. */
  scale: Address;
}

/** Integers in rows. */
export interface QuantisedMatrix extends Matrix {
  scale: Address;
  /** Bytes, each row with steps of its own; else 16 bits. */
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
   * 32-bit integers, two each of the slot that frames are put into now, then of each slot: the frames in front of
   * it, a multiple of `FRAME_ROOM`, and its own, an even number.
   */
  spans: Address;
  /**
   * 32-bit integers: bytes from row to row, and by head the address where the shares of a slot's frames are to be put
   * down for the first row; 0: nowhere.
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
