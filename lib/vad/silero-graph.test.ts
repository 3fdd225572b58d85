import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { messages, readFields, readFloatTensor, texts, writeModel } from '../onnx/format';
import { stretchModel } from './silero-graph';

const folder = dirname(createRequire(import.meta.url).resolve('@ricky0123/vad-web'));
const published = (name: string) => readFileSync(join(folder, `silero_vad_${name}.onnx`));

describe('stretchModel', () => {
  it.each(['v5', 'v6'])('takes the 16 kHz network out of the published %s file', (name) => {
    const graph = messages(stretchModel(published(name)), 7)[0];
    expect(graph).toBeDefined();
    const names = (field: number) =>
      messages(graph ?? new Uint8Array(), field).map((value) => texts(value, 1)[0]);
    expect(names(11)).toEqual(['frames', 'hidden', 'cell']);
    expect(names(12)).toEqual(['probability', 'next_hidden', 'next_cell']);
  });

  it('refuses another network', () => {
    expect(() => stretchModel(published('legacy'))).toThrow('no 16 kHz network');
  });

  it('refuses what is no ONNX file, and one that was cut off', () => {
    expect(() => stretchModel(new TextEncoder().encode('<!doctype html>'))).toThrow(/VAD/);
    expect(() => stretchModel(published('v6').subarray(0, 100_000))).toThrow('cannot be read');
  });
});

describe('writeModel', () => {
  it('writes tensors that read back as they were', () => {
    const data = Float32Array.from([1.5, -0, Number.EPSILON, 3e38]);
    const bytes = writeModel('test', {
      inputs: [{ name: 'x', dims: ['n', 300] }],
      outputs: [],
      constants: [{ name: 'weights', dims: [2, 2], data }],
      nodes: [{ op: 'Relu', inputs: ['x'], outputs: ['y'], attributes: { axis: 1, mode: 'a' } }],
    });
    const [graph] = messages(bytes, 7);
    const [tensor] = messages(graph ?? new Uint8Array(), 5);
    expect(readFloatTensor(tensor ?? new Uint8Array())).toEqual({ dims: [2, 2], data });
  });

  it('refuses to read past the end of a field', () => {
    expect(() => [...readFields(Uint8Array.of(0x0a, 5, 1))]).toThrow(RangeError);
  });
});
