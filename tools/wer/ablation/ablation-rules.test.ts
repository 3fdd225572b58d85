import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { root } from '../../command/root';
import { RULES, withoutRule } from './ablation-rules';

const changed = RULES.flatMap(({ name, changes = [] }) =>
  changes.map(([file, from, to]) => ({ name, file, from, to })),
);

describe('withoutRule', () => {
  it.each(changed)('finds $name once in $file', ({ file, from, to }) => {
    const path = `${root}/${file}`;
    const plugin = withoutRule({ changes: [[file, from, to]] });
    const result = plugin.transform(readFileSync(path, 'utf8'), path);
    expect(result?.code).toContain(to);
    expect(plugin.missing()).toEqual([]);
  });

  it('says what it has not found', () => {
    const plugin = withoutRule({
      changes: [['lib/engine/families/whisper/windows.ts', 'NOT_THERE = 1', '']],
    });
    expect(
      plugin.transform('const OTHER = 1;', '/x/lib/engine/families/whisper/windows.ts'),
    ).toBeNull();
    expect(plugin.missing()).toEqual(['lib/engine/families/whisper/windows.ts: NOT_THERE = 1']);
  });
});
