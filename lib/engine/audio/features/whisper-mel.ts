import { assert } from '@/lib/core';
import { SAMPLE_RATE_HZ } from '../constants';
import { hannWindow } from './fft';
import { MelFrame } from './mel-frame';

/** The longest window of speech; less is filled up with zeros. */
export const WHISPER_WINDOW_SAMPLES = 30 * SAMPLE_RATE_HZ;
const FRAME_SAMPLES = 400;
/** From one frame to the next. */
export const WHISPER_HOP_SAMPLES = 160;
/** Frames are centred: the signal is mirrored beyond its ends. */
const PADDING_SAMPLES = FRAME_SAMPLES / 2;
/** Log-mel frames of the longest window. */
export const WHISPER_FRAMES = WHISPER_WINDOW_SAMPLES / WHISPER_HOP_SAMPLES;

/** Decimal logarithm of the least energy; silence has it in every band. */
const FLOOR_LOG = -10;
const FLOOR = 10 ** FLOOR_LOG;
/** Decades below a window's loudest value that are kept. */
const RANGE_LOGS = 8;

/**
 * Log-mel features of Whisper (Radford et al., "Robust Speech Recognition via Large-Scale Weak
 * Supervision", 2022; `audio.py` of its reference implementation). Decimal logarithms of the mel
 * energies, cut 8 below the window's greatest, then (x + 4) / 4.
 */
export class WhisperMel {
  private readonly window = hannWindow(FRAME_SAMPLES, true);
  private readonly frame: MelFrame;

  constructor(readonly bands: 80 | 128) {
    this.frame = new MelFrame(bands, FRAME_SAMPLES);
  }

  /**
   * The first frames of a window of 30 s. Time grows with the samples given: frames of padding cost
   * next to nothing.
   * @param pcm up to 480,000 samples at 16 kHz
   * @param out [bands, frames], band after band, up to 3,000 frames
   */
  compute(pcm: Float32Array, out: Float32Array): void {
    const { bands } = this;
    const { energies } = this.frame;
    assert(pcm.length <= WHISPER_WINDOW_SAMPLES, 'a window has at most 30 s');
    const room = out.length / bands;
    assert(Number.isInteger(room) && room <= WHISPER_FRAMES, 'frames are whole, of 30 s at most');
    // frames after this one see nothing but padding
    const frames = Math.min(room, Math.ceil((pcm.length + PADDING_SAMPLES) / WHISPER_HOP_SAMPLES));
    let greatest = FLOOR_LOG;
    for (let frame = 0; frame < frames; frame++) {
      this.cut(pcm, frame * WHISPER_HOP_SAMPLES - PADDING_SAMPLES);
      this.frame.measure();
      for (let band = 0, at = frame; band < bands; band++, at += room) {
        const energy = energies[band] ?? 0;
        const log = energy > FLOOR ? Math.log10(energy) : FLOOR_LOG;
        if (log > greatest) greatest = log;
        out[at] = log;
      }
    }
    scale(out, { room, frames, least: greatest - RANGE_LOGS });
  }

  /** Puts the windowed samples from `start` on into `frame`. */
  private cut(pcm: Float32Array, start: number): void {
    const { window } = this;
    const frame = this.frame.samples;
    if (start >= 0 && start + FRAME_SAMPLES <= pcm.length) {
      for (let at = 0; at < FRAME_SAMPLES; at++)
        frame[at] = (window[at] ?? 0) * (pcm[start + at] ?? 0);
      return;
    }
    const last = WHISPER_WINDOW_SAMPLES - 1;
    for (let at = 0; at < FRAME_SAMPLES; at++) {
      const position = Math.abs(start + at);
      const mirrored = position > last ? 2 * last - position : position;
      frame[at] = mirrored < pcm.length ? (window[at] ?? 0) * (pcm[mirrored] ?? 0) : 0;
    }
  }
}

/** Cuts what is quieter than `least`, fills the frames that were not computed, and scales all. */
function scale(
  out: Float32Array,
  { room, frames, least }: { room: number; frames: number; least: number },
): void {
  const silence = (Math.max(FLOOR_LOG, least) + 4) / 4;
  for (let row = 0; row < out.length; row += room) {
    for (let at = row; at < row + frames; at++) {
      out[at] = (Math.max(out[at] ?? 0, least) + 4) / 4;
    }
    out.fill(silence, row + frames, row + room);
  }
}
