/** Two clusters that become one. Those of single vectors are 0 to n - 1, those made later n, n + 1, … */
export interface Merge {
  a: number;
  b: number;
  /** Mean cosine distance of their vectors, 0 to 2. */
  distance: number;
}

/**
 * Average linkage (UPGMA) on cosine distance: the two clusters whose vectors are closest on average are
 * merged, again and again. By chains of nearest neighbours (Murtagh 1983), in time and memory of n².
 * @param vectors of length 1
 * @returns n - 1 merges, the closest first
 */
export function averageLinkage(vectors: readonly Float32Array[]): Merge[] {
  const count = vectors.length;
  const distances = cosineDistances(vectors);
  const at = (i: number, j: number) => (i > j ? (i * (i - 1)) / 2 + j : (j * (j - 1)) / 2 + i);
  const sizes = new Int32Array(count).fill(1);
  /** Vectors that stand for clusters: the later one of two that were merged. */
  const alive = new Set(vectors.keys());
  const chain: number[] = [];
  const found: { a: number; b: number; distance: number }[] = [];
  while (alive.size > 1) {
    if (chain.length === 0) for (const first of alive) if (chain.push(first)) break;
    const last = chain.at(-1) ?? 0;
    const before = chain.at(-2);
    // of equals the one before: the chain would run in circles
    let nearest = before ?? -1;
    let least =
      before === undefined ? Number.POSITIVE_INFINITY : (distances[at(last, before)] ?? 0);
    for (const other of alive) {
      const distance =
        other === last ? Number.POSITIVE_INFINITY : (distances[at(last, other)] ?? 0);
      if (distance < least) {
        least = distance;
        nearest = other;
      }
    }
    if (nearest !== before) {
      chain.push(nearest);
      continue;
    }
    chain.length -= 2;
    const [gone, kept] = last < nearest ? [last, nearest] : [nearest, last];
    found.push({ a: gone, b: kept, distance: least });
    alive.delete(gone);
    const goneSize = sizes[gone] ?? 1;
    const keptSize = sizes[kept] ?? 1;
    sizes[kept] = goneSize + keptSize;
    for (const other of alive) {
      if (other === kept) continue;
      const sum =
        goneSize * (distances[at(gone, other)] ?? 0) + keptSize * (distances[at(kept, other)] ?? 0);
      distances[at(kept, other)] = sum / (goneSize + keptSize);
    }
  }
  return inOrder(found, count);
}

/** Merges by distance, with numbers of clusters in place of the vectors that stand for them. */
function inOrder(found: Merge[], count: number): Merge[] {
  const cluster = Array.from({ length: count }, (_, vector) => vector);
  return found
    .map((merge, order) => ({ merge, order }))
    .sort((x, y) => x.merge.distance - y.merge.distance || x.order - y.order)
    .map(({ merge: { a, b, distance } }, step) => {
      const merged = { a: cluster[a] ?? a, b: cluster[b] ?? b, distance };
      cluster[b] = count + step;
      return merged;
    });
}

/** Of each vector to those before it: row i has i entries. */
function cosineDistances(vectors: readonly Float32Array[]): Float32Array {
  const distances = new Float32Array((vectors.length * (vectors.length - 1)) / 2);
  let next = 0;
  for (const [i, vector] of vectors.entries())
    for (let j = 0; j < i; j++) distances[next++] = 1 - product(vector, vectors[j] ?? vector);
  return distances;
}

/** Scalar product: the cosine of vectors of length 1. */
export function product(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}

/** How many clusters are left when all merges up to this distance are made. */
export function clustersWithin(merges: readonly Merge[], maxDistance: number): number {
  return merges.length + 1 - merges.filter(({ distance }) => distance <= maxDistance).length;
}

/**
 * The cluster of each vector when this many clusters are left.
 * @param merges of all vectors, the closest first
 * @returns numbers from 0, in the order of each cluster's first vector
 */
export function cutInto(merges: readonly Merge[], clusters: number): number[] {
  const count = merges.length + 1;
  const parents = Array.from({ length: 2 * count - 1 }, (_, node) => node);
  for (const [step, { a, b }] of merges.slice(0, count - clusters).entries()) {
    parents[a] = count + step;
    parents[b] = count + step;
  }
  const numbers = new Map<number, number>();
  return Array.from({ length: count }, (_, vector) => {
    let root = vector;
    while (parents[root] !== root) root = parents[root] ?? root;
    const number = numbers.get(root) ?? numbers.size;
    numbers.set(root, number);
    return number;
  });
}
