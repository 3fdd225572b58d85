import type { ReadGraph, ReadNode } from '@/lib/engine/onnx/read';

/** A small encoder of the published build. */
export const SIZE = {
  mels: 80,
  width: 64,
  heads: 2,
  hidden: 128,
  layers: 2,
} as const;

export const OUTPUT = 'last_hidden_state';

/** Log-mel features that are noise, [80, 3000]. */
export function features(seed: number): Float32Array {
  return Float32Array.from(
    { length: 80 * 3000 },
    (_, at) => Math.sin(at * (0.31 + 0.01 * seed)) * Math.cos(at * 0.0011) + 0.2 * (at % 7) - 0.5,
  );
}

/** The graph as older exporters write it: a layer normalisation is nine operators. */
export function withNormsWrittenOut(graph: ReadGraph): ReadGraph {
  const nodes = graph.nodes.flatMap((node): ReadNode[] => {
    if (node.op !== 'LayerNormalization') return [node];
    const [input = '', scale = '', bias = ''] = node.inputs;
    const [output = ''] = node.outputs;
    const made = (op: string, inputs: string[], name: string) => ({
      op,
      inputs,
      outputs: [name],
      attributes: new Map(),
    });
    const name = (part: string) => `${output}.${part}`;
    return [
      made('ReduceMean', [input], name('mean')),
      made('Sub', [input, name('mean')], name('centred')),
      made('Pow', [name('centred'), 'two'], name('squares')),
      made('ReduceMean', [name('squares')], name('variance')),
      made('Add', [name('variance'), 'epsilon'], name('more')),
      made('Sqrt', [name('more')], name('deviation')),
      made('Div', [name('centred'), name('deviation')], name('divided')),
      made('Mul', [name('divided'), scale], name('scaled')),
      made('Add', [name('scaled'), bias], output),
    ];
  });
  return { ...graph, nodes };
}
