// The speech of the comparison: 16 kHz samples as the engines take them.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseWave } from '../../../lib/engine/runtime/wave';
import { root } from '../../command/root';

const SPEECH = join(root, 'e2e', 'fixtures', 'audio', 'speech.wav');

/**
 * Writes `speech.f32`: the speech of SPEECH_WAV, else that of the tests, as 32-bit floats in [-1, 1].
 * Real weights want real speech, of which the project has none.
 */
export function writeSpeech(folder: string): void {
  const samples = parseWave(Uint8Array.from(readFileSync(process.env.SPEECH_WAV ?? SPEECH)).buffer);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'speech.f32'), samples);
}
