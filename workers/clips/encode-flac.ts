import { registerFlacEncoder } from '@mediabunny/flac-encoder';
import { AudioSample, AudioSampleSource, BufferTarget, FlacOutputFormat, Output } from 'mediabunny';
import { once } from '@/lib/core';
import { SAMPLE_RATE_HZ } from '@/lib/engine/audio';

/** Ours in every browser, never the browser's own: the same sound has to give the same bytes. */
const registerOwnEncoder = once(registerFlacEncoder);

/** Encodes 16 kHz PCM as mono FLAC of 16 bits. The same PCM gives the same bytes. */
export async function encodeFlac(pcm: Float32Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  registerOwnEncoder();
  const target = new BufferTarget();
  const output = new Output({ format: new FlacOutputFormat(), target });
  const source = new AudioSampleSource({ codec: 'flac' });
  output.addAudioTrack(source);
  await output.start();
  const sample = new AudioSample({
    data: Int16Array.from(pcm, toInt16),
    format: 's16',
    numberOfChannels: 1,
    sampleRate: SAMPLE_RATE_HZ,
    timestamp: 0,
  });
  try {
    await source.add(sample);
    source.close();
    await output.finalize();
  } catch (error) {
    await output.cancel();
    throw error;
  } finally {
    sample.close();
  }
  return new Uint8Array(target.buffer ?? new ArrayBuffer(0));
}

/** A sample of a 16-bit source comes out as it went in. */
const toInt16 = (value: number) => Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768)));
