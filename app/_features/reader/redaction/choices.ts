import type { Redaction, RedactionGroup, RedactionKind } from '@/lib/transcript';

/** A group with what the user wants of it. */
export interface RedactionChoice {
  group: RedactionGroup;
  isOn: boolean;
  /** Empty: the default one. */
  role: string;
  defaultRole: string;
}

/**
 * The choices that a list of groups begins with: what is likely is on, and every group has a number of its kind.
 * @param roleOf the default role of a kind, by number
 */
export function choicesOf(
  groups: readonly RedactionGroup[],
  roleOf: (kind: RedactionKind, number: number) => string,
): RedactionChoice[] {
  const counts = new Map<RedactionKind, number>();
  // what is likely gets the first numbers
  const ordered = [...groups].sort((a, b) => Number(b.isLikely) - Number(a.isLikely));
  return ordered.map((group) => {
    const number = (counts.get(group.kind) ?? 0) + 1;
    counts.set(group.kind, number);
    return { group, isOn: group.isLikely, role: '', defaultRole: roleOf(group.kind, number) };
  });
}

/** What the chosen groups take out. */
export function redactionsOf(choices: readonly RedactionChoice[]): Redaction[] {
  return choices
    .filter(({ isOn }) => isOn)
    .map(({ group, role, defaultRole }) => ({
      phrases: group.phrases,
      role: role.trim() || defaultRole,
    }));
}
