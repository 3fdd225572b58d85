import type { GraphBuilder } from './graph';
import { rotaryDimensions } from './moonshine-config';

/** Cosines and sines of positions, each [time, dimensions / 2]: made once, used by all layers. */
export interface Rotation {
  cosine: string;
  sine: string;
}

/** Angles of the positions from `first` up to but without `end`: names of scalars. */
export function rotation(
  graph: GraphBuilder,
  headSize: number,
  first: string,
  end: string,
): Rotation {
  const pairs = rotaryDimensions(headSize) / 2;
  const places = graph.op('Cast', [graph.op('Range', [first, end, graph.int(1)])], { to: 1 });
  const frequencies = graph.constant('rotary.frequencies', () => ({
    dims: [1, pairs],
    data: Float32Array.from({ length: pairs }, (_, pair) => 10_000 ** (-pair / pairs)),
  }));
  const angles = graph.op('Mul', [graph.op('Unsqueeze', [places, graph.ints(1)]), frequencies]);
  return { cosine: graph.op('Cos', [angles]), sine: graph.op('Sin', [angles]) };
}

/**
 * Rotary position embedding (Su et al. 2021) over the first part of each head: x [batch, heads,
 * time, size]. The pairs are the two halves of that part, not neighbours as in the published model.
 */
export function rotate(
  graph: GraphBuilder,
  x: string,
  headSize: number,
  { cosine, sine }: Rotation,
): string {
  const half = rotaryDimensions(headSize) / 2;
  const slice = (from: number, to: number) =>
    graph.op('Slice', [x, graph.ints(from), graph.ints(to), graph.ints(3)]);
  const [a, b] = [slice(0, half), slice(half, 2 * half)];
  const times = (left: string, right: string) => graph.op('Mul', [left, right]);
  const turned = [
    graph.op('Sub', [times(a, cosine), times(b, sine)]),
    graph.op('Add', [times(b, cosine), times(a, sine)]),
  ];
  return graph.op('Concat', [...turned, slice(2 * half, headSize)], { axis: 3 });
}
