import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { messages, texts } from '@/lib/engine/onnx/wire';
import { blockModel } from './silero-graph';

const folder = dirname(createRequire(import.meta.url).resolve('@ricky0123/vad-web'));
const published = (name: string) => readFileSync(join(folder, `silero_vad_${name}.onnx`));

describe('blockModel', () => {
  it.each(['v5', 'v6'])('takes the 16 kHz network out of the published %s file', (name) => {
    const graph = messages(blockModel(published(name)), 7)[0];
    expect(graph).toBeDefined();
    const names = (field: number) =>
      messages(graph ?? new Uint8Array(), field).map((value) => texts(value, 1)[0]);
    expect(names(11)).toEqual(['frames', 'hidden', 'cell']);
    expect(names(12)).toEqual(['probability', 'next_hidden', 'next_cell']);
  });

  it('refuses another network', () => {
    expect(() => blockModel(published('legacy'))).toThrow('no 16 kHz network');
  });

  it('refuses what is not an ONNX file, and a truncated one', () => {
    expect(() => blockModel(new TextEncoder().encode('<!doctype html>'))).toThrow(/VAD/);
    expect(() => blockModel(published('v6').subarray(0, 100_000))).toThrow('cannot be read');
  });
});
