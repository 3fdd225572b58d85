// The speech of the comparison: 16 kHz samples as the engines take them.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readWavPcm } from '../../../lib/engine/audio/wav-layout';
import { root } from '../../command/root';

const SPEECH = join(root, 'e2e', 'fixtures', 'audio', 'speech.wav');

/**
 * Writes `speech.f32`: the speech of SPEECH_WAV, else that of the tests, as 32-bit floats in [-1, 1].
 * Real weights want real speech, of which the project has none.
 */
export async function writeSpeech(folder: string): Promise<void> {
  const file = new Blob([readFileSync(process.env.SPEECH_WAV ?? SPEECH)]);
  const samples = await readWavPcm(file);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'speech.f32'), samples);
}
