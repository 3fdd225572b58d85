import { SAMPLE_RATE_HZ } from '@/lib/engine/audio/constants';
import { readFrameHeader } from '@/lib/engine/audio/mpeg-frames';
import { bestLag } from '../decode/test-support';

/** How much of what sounds is listened to, in samples at 16 kHz. */
const HEARD_SAMPLES = 8_000;
/** The first sound after a jump is faded in: it is left out. */
const SKIPPED_SAMPLES = 800;
/** How far from its position a sound is looked for, in samples: 0.25 s. */
const REACH_SAMPLES = 4_000;

const TAP = `registerProcessor('tap', class extends AudioWorkletProcessor {
  process([input]) { if (input[0]) this.port.postMessage(input[0].slice()); return true; }
});`;

/** Plays a file from a position in the browser's own player. @returns what sounds, at 16 kHz */
async function heardAt(file: Blob, seconds: number): Promise<Float32Array> {
  const element = document.createElement('audio');
  const url = URL.createObjectURL(file);
  const tapUrl = URL.createObjectURL(new Blob([TAP], { type: 'text/javascript' }));
  const context = new AudioContext({ sampleRate: SAMPLE_RATE_HZ });
  const once = (type: string) =>
    new Promise<void>((resolve, reject) => {
      element.addEventListener(type, () => resolve(), { once: true });
      element.addEventListener('error', () => reject(new Error(element.error?.message)), {
        once: true,
      });
    });
  try {
    await context.audioWorklet.addModule(tapUrl);
    const tap = new AudioWorkletNode(context, 'tap', {
      channelCount: 1,
      channelCountMode: 'explicit',
    });
    context.createMediaElementSource(element).connect(tap).connect(context.destination);
    const loaded = once('loadedmetadata');
    element.src = url;
    await loaded;
    const sought = once('seeked');
    element.currentTime = seconds;
    await sought;
    const heard: number[] = [];
    const enough = new Promise<void>((resolve) => {
      tap.port.onmessage = ({ data }: MessageEvent<Float32Array>) => {
        // nothing is exactly silent but what comes before the player has begun
        for (const sample of data) if (heard.length > 0 || sample !== 0) heard.push(sample);
        if (heard.length >= SKIPPED_SAMPLES + HEARD_SAMPLES) resolve();
      };
    });
    await element.play();
    await Promise.race([enough, once('ended')]);
    return Float32Array.from(heard.slice(SKIPPED_SAMPLES, SKIPPED_SAMPLES + HEARD_SAMPLES));
  } finally {
    element.pause();
    await context.close();
    URL.revokeObjectURL(url);
    URL.revokeObjectURL(tapUrl);
  }
}

/**
 * How late the browser plays a position, in ms: what sounds against what the decoder has there.
 * The likeness is low where it is not found within a quarter of a second.
 */
export async function playedOff(
  file: Blob,
  pcm: Float32Array,
  seconds: number,
): Promise<{ offMs: number; likeness: number }> {
  const heard = await heardAt(file, seconds);
  const from = Math.round(seconds * SAMPLE_RATE_HZ) + SKIPPED_SAMPLES;
  const around = pcm.subarray(from - REACH_SAMPLES, from + heard.length + REACH_SAMPLES);
  const padded = new Float32Array(around.length);
  padded.set(heard, REACH_SAMPLES);
  const { lag, correlation } = bestLag(padded, around, REACH_SAMPLES);
  return { offMs: (lag * 1000) / SAMPLE_RATE_HZ, likeness: correlation };
}

/** The frames of an MP3 file, without tags and notes. */
function framesOf(file: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
  const frames: Uint8Array<ArrayBuffer>[] = [];
  for (let at = 0; at < file.length; ) {
    const length = readFrameHeader(file, at)?.lengthBytes;
    if (length !== undefined) frames.push(file.subarray(at, at + length));
    at += length ?? 1;
  }
  return frames.slice(1); // the first one holds the encoder's note
}

/** Silence as frames of a bit rate, given by its index in the header (1: the lowest, 14: the highest). */
function silence(
  like: Uint8Array<ArrayBuffer>,
  seconds: number,
  rateIndex: number,
): Uint8Array<ArrayBuffer>[] {
  const header = like.slice(0, 4);
  // without padding; its side information counts no bits of sound
  header[2] = (rateIndex << 4) | ((header[2] ?? 0) & 0x0c);
  const described = readFrameHeader(Uint8Array.from([...header, 0, 0, 0]), 0);
  if (!described) throw new Error('This is no frame.');
  const frame = new Uint8Array(described.lengthBytes);
  frame.set(header);
  const count = Math.round((seconds * described.rateHz) / described.samples);
  return new Array<Uint8Array<ArrayBuffer>>(count).fill(frame);
}

/**
 * An MP3 of changing bit rate without a note of its length: a minute of silence in the largest
 * frames, speech, a minute in the smallest ones, the speech again.
 */
export function vbrMp3(speech: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
  const frames = framesOf(speech);
  const [first] = frames;
  if (!first) throw new Error('There are no frames.');
  return [...silence(first, 60, 14), ...frames, ...silence(first, 60, 1), ...frames];
}

/** The same after a note that counts half of its frames. */
export function wrongXing(frames: Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer>[] {
  const [first] = frames;
  if (!first) throw new Error('There are no frames.');
  const note = (silence(first, 0.03, 14)[0] ?? first).slice();
  const mono = (first[3] ?? 0) >> 6 === 3;
  const at = 4 + (mono ? 17 : 32);
  note.set(new TextEncoder().encode('Xing'), at);
  const view = new DataView(note.buffer);
  view.setUint32(at + 4, 1);
  view.setUint32(at + 8, Math.floor(frames.length / 2));
  return [note, ...frames];
}
