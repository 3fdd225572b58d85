import { describe, expect, it } from 'vitest';
import { nodeRuntime } from '../../lib/engine/runtime/test-runtime';
import { GraphBuilder, type Precision, randomFloats } from './graph';
import { conv, linear } from './layers';

const open = (bytes: Uint8Array) => nodeRuntime.open(bytes);
const floats = (dims: number[], name = 'x') => {
  const length = dims.reduce((whole, dim) => whole * dim, 1);
  return new nodeRuntime.Tensor('float32', randomFloats(3, name, length, 1), dims);
};

describe('randomFloats', () => {
  it('gives the same numbers again, and others by another name or seed', () => {
    const numbers = randomFloats(1, 'a', 1000, 2);
    expect(randomFloats(1, 'a', 1000, 2)).toEqual(numbers);
    expect(randomFloats(1, 'b', 1000, 2)).not.toEqual(numbers);
    expect(randomFloats(2, 'a', 1000, 2)).not.toEqual(numbers);
    const variance = numbers.reduce((sum, value) => sum + value * value, 0) / numbers.length;
    expect(Math.sqrt(variance)).toBeCloseTo(2, 0);
  });
});

describe('GraphBuilder', () => {
  const layers = (precision: Precision, weights: 'int8' | 'uint8') => {
    const graph = new GraphBuilder({ seed: 5, precision, weights });
    const x = graph.input('x', ['batch', 4, 16]);
    graph.output('y', ['batch', 4, 8], linear(graph, x, 'layer', 16, 8));
    if (weights === 'uint8')
      graph.output('z', ['batch', 3, 16], conv(graph, x, 'conv', 4, 3, [3], { pads: [1, 1] }));
    return graph.write('layers');
  };

  it.each(['int8', 'uint8'] as const)('quantises to %s and stays close', async (weights) => {
    const exact = await open(layers('fp32', weights));
    const rounded = await open(layers('q8', weights));
    const names = exact.outputs.map(({ name }) => name);
    const x = floats([2, 4, 16]);
    const want = await exact.run({ x }, names);
    const got = await rounded.run({ x }, names);
    for (const name of names) {
      const far = Array.from(got[name]?.data as Float32Array, (value, index) =>
        Math.abs(value - ((want[name]?.data[index] as number) ?? Number.NaN)),
      );
      expect(Math.max(...far), name).toBeLessThan(0.05);
      expect(Math.max(...far), name).toBeGreaterThan(0);
    }
  });

  it('runs one of two branches, which share their weights', async () => {
    const graph = new GraphBuilder({ seed: 5 });
    const x = graph.input('x', [1, 16]);
    const first = graph.input('first', [1], 'bool');
    const [y = ''] = graph.branches(
      first,
      [{ name: 'y', dims: [1, 'width'] }],
      () => [linear(graph, x, 'layer', 16, 16, { bias: false })],
      () => [graph.op('Neg', [linear(graph, x, 'layer', 16, 16, { bias: false })])],
    );
    graph.output('y', [1, 'width'], y);
    const bytes = graph.write('choice');
    expect(bytes.length).toBeLessThan(2 * 16 * 16 * 4);
    const session = await open(bytes);
    const run = async (flag: number) => {
      const choice = new nodeRuntime.Tensor('bool', Uint8Array.of(flag), [1]);
      const { y: result } = await session.run({ x: floats([1, 16]), first: choice }, ['y']);
      return result?.data as Float32Array;
    };
    expect(await run(1)).toEqual((await run(0)).map((value) => -value));
  });

  it('puts the weights into a file of their own', async () => {
    const build = () => {
      const graph = new GraphBuilder({ seed: 5 });
      const x = graph.input('x', ['batch', 64]);
      graph.output('y', ['batch', 64], linear(graph, x, 'layer', 64, 64));
      return graph;
    };
    const { graph, data } = build().writeExternal('apart', 'model.onnx.data');
    expect(graph.length).toBeLessThan(1024);
    const apart = await nodeRuntime.open(graph, {
      externalData: [{ path: 'model.onnx.data', data }],
    });
    const whole = await open(build().write('whole'));
    const feeds = { x: floats([3, 64]) };
    const [got, want] = [await apart.run(feeds, ['y']), await whole.run(feeds, ['y'])];
    expect(got.y?.data).toEqual(want.y?.data);
  });
});
