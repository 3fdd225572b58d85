import type { TimedText } from './build';
import type { StampedText } from './paragraphs';

/** Speech has about this many characters a second. */
const CHARACTERS_PER_SECOND = 15;

/**
 * Gives text its times: from each stamp at the pace of speech, or faster where the next stamp comes
 * sooner. Text before the first stamp, or without any, begins at 0.
 */
export function layOutInTime(texts: readonly StampedText[]): TimedText[] {
  let freeMs = 0;
  return groupsOf(texts).flatMap((group, at, groups) => {
    const fromMs = Math.max(freeMs, group[0]?.startMs ?? 0);
    const characters = group.reduce((sum, { text }) => sum + text.length, 0);
    const wantedMs = (characters * 1000) / CHARACTERS_PER_SECOND;
    const nextMs = groups[at + 1]?.[0]?.startMs ?? Number.POSITIVE_INFINITY;
    const lengthMs = nextMs > fromMs ? Math.min(wantedMs, nextMs - fromMs) : wantedMs;
    let before = 0;
    const timeAt = () => fromMs + Math.round((lengthMs * before) / Math.max(1, characters));
    return group.map(({ speaker, text }): TimedText => {
      const startMs = timeAt();
      before += text.length;
      freeMs = timeAt();
      return { speaker, text, startMs, endMs: freeMs };
    });
  });
}

/** Texts that follow one stamp. */
function groupsOf(texts: readonly StampedText[]): StampedText[][] {
  const groups: StampedText[][] = [];
  for (const text of texts) {
    const group = groups.at(-1);
    if (group && text.startMs === null) group.push(text);
    else groups.push([text]);
  }
  return groups;
}
