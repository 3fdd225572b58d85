import { SAMPLE_RATE_HZ } from '@/lib/engine/audio';

/** Samples of one VAD frame: the step of the network at 16 kHz. */
export const FRAME_SAMPLES = 512;

/** Length of a frame in milliseconds (32). */
export const FRAME_MS = (FRAME_SAMPLES * 1000) / SAMPLE_RATE_HZ;

/** Samples before a frame that the network gets as context. */
export const CONTEXT_SAMPLES = 64;

/** Numbers in the network's recurrent state: hidden and cell state of one LSTM with 128 units. */
export const STATE_SIZE = 2 * 128;

/**
 * Frames given to the network in one run (8.2 s). Runs begin at multiples of it, whatever the
 * pieces in which the PCM came, so that a resumed recording is computed in the same runs.
 */
export const BLOCK_FRAMES = 256;
