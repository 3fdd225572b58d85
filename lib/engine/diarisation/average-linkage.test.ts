import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFloats } from '@/tools/random-models/graph';
import { averageLinkage, clustersWithin, cutInto, product } from './average-linkage';

/** Random vectors of length 1. */
function vectorsOf(seed: number, count: number): Float32Array[] {
  return Array.from({ length: count }, (_, at) => {
    const vector = randomFloats(seed, `vector ${at}`, 6, 1);
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  });
}

/** By the definition: the mean over all pairs, looked at again for every merge. */
function naive(vectors: readonly Float32Array[], clusters: number) {
  let groups = vectors.map((_, at) => [at]);
  const distances: number[] = [];
  const distance = (a: number[], b: number[]) => {
    let sum = 0;
    for (const i of a)
      for (const j of b)
        sum += 1 - product(vectors[i] ?? new Float32Array(), vectors[j] ?? new Float32Array());
    return sum / (a.length * b.length);
  };
  while (groups.length > clusters) {
    let best = { least: Number.POSITIVE_INFINITY, a: [] as number[], b: [] as number[] };
    for (const [at, a] of groups.entries())
      for (const b of groups.slice(0, at)) {
        const least = distance(a, b);
        if (least < best.least) best = { least, a, b };
      }
    const { a, b, least } = best;
    groups = [...groups.filter((group) => group !== a && group !== b), [...a, ...b]];
    distances.push(least);
  }
  return { groups, distances };
}

const partition = (labels: readonly number[]) => {
  const groups = new Map<number, number[]>();
  for (const [at, label] of labels.entries()) groups.set(label, [...(groups.get(label) ?? []), at]);
  return [...groups.values()].map((group) => group.join(' ')).sort();
};

const cases = fc
  .record({ seed: fc.nat(10_000), count: fc.integer({ min: 1, max: 24 }) })
  .chain(({ seed, count }) =>
    fc.record({
      seed: fc.constant(seed),
      count: fc.constant(count),
      clusters: fc.integer({ min: 1, max: count }),
    }),
  );

describe('averageLinkage', () => {
  it('gives the clusters and the distances of the definition', () => {
    fc.assert(
      fc.property(cases, ({ seed, count, clusters }) => {
        const vectors = vectorsOf(seed, count);
        const wanted = naive(vectors, clusters);
        const merges = averageLinkage(vectors);
        expect(partition(cutInto(merges, clusters))).toEqual(
          wanted.groups.map((group) => [...group].sort((a, b) => a - b).join(' ')).sort(),
        );
        for (const [at, distance] of wanted.distances.entries())
          expect(merges[at]?.distance).toBeCloseTo(distance, 4);
      }),
      { numRuns: 60 },
    );
  });

  it('does not depend on the order of the vectors', () => {
    fc.assert(
      fc.property(cases, fc.nat(100), ({ seed, count, clusters }, turn) => {
        const vectors = vectorsOf(seed, count);
        const order = vectors.map((_, at) => (at + turn) % count);
        const turned = order.map((at) => vectors[at] ?? new Float32Array());
        const labels = cutInto(averageLinkage(turned), clusters);
        const back = order.map((at) => [at, labels[order.indexOf(at)] ?? 0] as const);
        const own = back.sort((a, b) => a[0] - b[0]).map(([, label]) => label);
        expect(partition(own)).toEqual(partition(cutInto(averageLinkage(vectors), clusters)));
      }),
      { numRuns: 40 },
    );
  });

  it('counts the clusters that are left within a distance', () => {
    const a = Float32Array.of(1, 0);
    const b = Float32Array.of(0, 1);
    const merges = averageLinkage([a, b, a, b]);
    expect([-1, 0, 0.9, 1].map((distance) => clustersWithin(merges, distance))).toEqual([
      4, 2, 2, 1,
    ]);
    expect(cutInto(merges, 2)).toEqual([0, 1, 0, 1]);
  });

  it('has nothing to merge of one vector', () => {
    expect(averageLinkage([Float32Array.of(1)])).toEqual([]);
    expect(cutInto([], 1)).toEqual([0]);
  });
});
