// The speech of the comparison: 16 kHz samples as the engines take them.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../app/app.mjs';
import { readWav } from '../../audio/wav.mjs';

const SPEECH = join(root, 'e2e', 'fixtures', 'audio', 'speech.wav');

/**
 * Writes `speech.f32`: the speech of SPEECH_WAV, else that of the tests, as 32-bit floats in [-1, 1].
 * Real weights want real speech, of which the project has none.
 */
export function writeSpeech(folder) {
  const { data, sampleRateHz, channels } = readWav(readFileSync(process.env.SPEECH_WAV ?? SPEECH));
  if (sampleRateHz !== 16_000 || channels !== 1) throw new Error('The speech is not 16 kHz mono.');
  const samples = Float32Array.from({ length: data.length / 2 }, (_, at) => {
    return data.readInt16LE(2 * at) / 32_768;
  });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'speech.f32'), samples);
}
