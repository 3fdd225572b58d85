import 'server-only';
import { SPLITS, type Split } from '@/lib/contracts';
import { sha256Of } from './dataset-objects';

/** Percentage of groups for the test and development splits. */
const SHARE = { test: 10, dev: 10 } as const;

/** Splits that should not be empty, the most important first. */
const NEEDED: readonly Split[] = ['train', 'test', 'dev'];

/** The splits of speakers and recordings, by name. */
export interface SplitChoice {
  splits: Map<string, Split>;
  /** Members that change their split, because new recordings connect their group to another. */
  moved: { member: string; from: Split; to: Split }[];
  /** Splits left empty because there are too few groups. */
  empty: Split[];
}

/** A speaker in a recording. */
export interface SpokenRecording {
  speaker: string;
  recording: string;
}

/**
 * Assigns speakers and recordings to splits. Speakers who are connected by shared recordings, directly or
 * through others, form a group with those recordings. A group is in one split only, so that no voice and no
 * room of the training split is in the test split.
 *
 * A group stays in its split. A new one is assigned by a hash of its first member's name. If new recordings
 * connect groups of different splits, all of them move to one: training before development before test. So a
 * model's training data never gets into a later test; the price is that a test split may shrink.
 *
 * An empty test split, then an empty development split, gets a new group, as long as training keeps one.
 */
export function chooseSplits(
  pairs: readonly SpokenRecording[],
  known: ReadonlyMap<string, Split>,
): SplitChoice {
  const splits = new Map<string, Split>();
  const moved: SplitChoice['moved'] = [];
  const fresh: { members: string[]; split: Split; rank: string }[] = [];
  for (const members of groupsOf(pairs)) {
    const before = new Set(members.map((member) => known.get(member)));
    const kept = SPLITS.find((split) => before.has(split));
    if (kept === undefined) {
      const rank = sha256Of(members[0] ?? '');
      fresh.push({ members, split: splitOf(rank), rank });
      continue;
    }
    for (const member of members) {
      const from = known.get(member);
      splits.set(member, kept);
      if (from !== undefined && from !== kept) moved.push({ member, from, to: kept });
    }
  }
  fillEmpty(fresh, new Set(splits.values()));
  for (const { members, split } of fresh) for (const member of members) splits.set(member, split);
  const filled = new Set(splits.values());
  return { splits, moved, empty: SPLITS.filter((split) => !filled.has(split)) };
}

function splitOf(rank: string): Split {
  const percent = Number.parseInt(rank.slice(0, 8), 16) % 100;
  if (percent < SHARE.test) return 'test';
  return percent < SHARE.test + SHARE.dev ? 'dev' : 'train';
}

/** Moves new groups into splits that would be empty. `filled`: splits that have groups from before. */
function fillEmpty(fresh: { split: Split; rank: string }[], filled: ReadonlySet<Split>): void {
  const inOrder = fresh.toSorted((a, b) => (a.rank < b.rank ? -1 : 1));
  const countIn = (split: Split) =>
    inOrder.filter((group) => group.split === split).length + (filled.has(split) ? 1 : 0);
  for (const [at, split] of NEEDED.entries()) {
    if (countIn(split) > 0) continue;
    // from a split that has several, else the only one of a less important split
    const donors = NEEDED.filter((other) => inOrder.some((group) => group.split === other));
    const source =
      donors.find((other) => countIn(other) > 1) ??
      donors.find((other) => NEEDED.indexOf(other) > at);
    const group = inOrder.find((one) => one.split === source);
    if (group) group.split = split;
  }
}

/** The connected groups, each with its members in order. */
function groupsOf(pairs: readonly SpokenRecording[]): string[][] {
  const parents = new Map<string, string>();
  const rootOf = (member: string): string => {
    let root = member;
    for (let up = parents.get(root); up !== undefined && up !== root; up = parents.get(root))
      root = up;
    // path compression
    for (let at = member; at !== root; ) {
      const up = parents.get(at) ?? root;
      parents.set(at, root);
      at = up;
    }
    return root;
  };
  for (const { speaker, recording } of pairs) {
    for (const member of [speaker, recording])
      if (!parents.has(member)) parents.set(member, member);
    parents.set(rootOf(speaker), rootOf(recording));
  }
  const groups = new Map<string, string[]>();
  for (const member of [...parents.keys()].sort()) {
    const root = rootOf(member);
    const group = groups.get(root);
    if (group) group.push(member);
    else groups.set(root, [member]);
  }
  return [...groups.values()];
}
