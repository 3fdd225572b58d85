import { describe, expect, it } from 'vitest';
import { nodeRuntime } from '@/lib/engine/runtime/test-runtime';
import { readFloatTensor } from './read';
import { messages, readFields } from './wire';
import { type OnnxGraph, writeModel } from './write';

const floats = (name: string, ...values: number[]) => ({
  name,
  dims: [values.length],
  data: Float32Array.from(values),
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

  it('writes types, negative and float attributes and both branches of an If', async () => {
    const branch = (name: string, nodes: OnnxGraph['nodes']) => ({
      graph: { name, nodes, outputs: [{ name: `${name}.y`, dims: ['n'] }] },
    });
    const graph: OnnxGraph = {
      inputs: [
        { name: 'x', dims: ['n'] },
        { name: 'first', dims: [1], type: 'bool' },
      ],
      outputs: [
        { name: 'y', dims: ['n'] },
        { name: 'argmax', dims: [], type: 'int64' },
      ],
      constants: [floats('two', 2)],
      nodes: [
        {
          op: 'If',
          inputs: ['first'],
          outputs: ['y'],
          attributes: {
            then_branch: branch('then', [{ op: 'Mul', inputs: ['x', 'two'], outputs: ['then.y'] }]),
            else_branch: branch('else', [
              {
                op: 'LeakyRelu',
                inputs: ['x'],
                outputs: ['else.y'],
                attributes: { alpha: { float: -0.5 } },
              },
            ]),
          },
        },
        {
          op: 'ArgMax',
          inputs: ['x'],
          outputs: ['argmax'],
          attributes: { axis: -1, keepdims: 0 },
        },
      ],
    };
    const session = await nodeRuntime.open(writeModel('if', graph, { opset: 17 }));
    expect(session.inputs.map(({ type }) => type)).toEqual(['float32', 'bool']);
    const run = async (first: boolean) => {
      const feeds = {
        x: new nodeRuntime.Tensor('float32', Float32Array.of(-4, 6), [2]),
        first: new nodeRuntime.Tensor('bool', Uint8Array.of(first ? 1 : 0), [1]),
      };
      const { y, argmax } = await session.run(feeds, ['y', 'argmax']);
      return [y?.data, argmax?.data];
    };
    expect(await run(true)).toEqual([Float32Array.of(-8, 12), BigInt64Array.of(1n)]);
    expect(await run(false)).toEqual([Float32Array.of(2, 6), BigInt64Array.of(1n)]);
    await session.release();
  });

  it('computes with bytes, and with operators of another set', async () => {
    const graph: OnnxGraph = {
      inputs: [{ name: 'x', dims: [1, 2], type: 'uint8' }],
      outputs: [{ name: 'y', dims: [1, 1] }],
      constants: [
        { name: 'w', dims: [2, 1], data: Int8Array.of(-3, 5) },
        { name: 'zero', dims: [1], data: Uint8Array.of(10) },
        { name: 'bias', dims: [1], data: Int32Array.of(100) },
      ],
      nodes: [
        { op: 'MatMulInteger', inputs: ['x', 'w', 'zero'], outputs: ['product'] },
        { op: 'Add', inputs: ['product', 'bias'], outputs: ['sum'] },
        { op: 'Cast', inputs: ['sum'], outputs: ['float'], attributes: { to: 1 } },
        { op: 'Gelu', inputs: ['float'], outputs: ['y'], domain: 'com.microsoft' },
      ],
    };
    const bytes = writeModel('bytes', graph, { opset: 17, domains: { 'com.microsoft': 1 } });
    const session = await nodeRuntime.open(bytes);
    const x = new nodeRuntime.Tensor('uint8', Uint8Array.of(11, 12), [1, 2]);
    const { y } = await session.run({ x }, ['y']);
    expect(y?.data).toEqual(Float32Array.of(-3 + 10 + 100));
    await session.release();
  });

  it('leaves data out that lies in a file of its own', async () => {
    const graph: OnnxGraph = {
      inputs: [{ name: 'x', dims: [2] }],
      outputs: [{ name: 'y', dims: [2] }],
      constants: [{ ...floats('w', 3, 4), external: { location: 'weights.bin', offset: 4 } }],
      nodes: [{ op: 'Mul', inputs: ['x', 'w'], outputs: ['y'] }],
    };
    const file = new Uint8Array(Float32Array.of(0, 3, 4).buffer);
    const session = await nodeRuntime.open(writeModel('external', graph), {
      externalData: [{ path: 'weights.bin', data: file }],
    });
    const x = new nodeRuntime.Tensor('float32', Float32Array.of(1, 10), [2]);
    expect((await session.run({ x }, ['y'])).y?.data).toEqual(Float32Array.of(3, 40));
    await session.release();
  });
});
