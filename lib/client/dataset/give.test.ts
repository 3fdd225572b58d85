import { expect, it } from 'vitest';
import { pseudonymsOf } from './start-giving';

const KEY = 'ab'.repeat(32);
const source = { name: 'talk.mp3', mediaType: 'audio/mpeg', sizeBytes: 12, sha256: null };
const speakers = [
  { id: 's1', name: 'Ada' },
  { id: 's2', name: 'Speaker 2' },
];
const recording = { source, durationMs: 9_000, speakers };
const other = { source: { ...source, name: 'other.mp3' }, durationMs: 9_000, speakers };

it('knows a speaker who is named in two recordings, and keeps all others apart', () => {
  const [one, two] = [pseudonymsOf(recording, KEY), pseudonymsOf(other, KEY)];
  expect(one.speakerOf('s1')).toBe(two.speakerOf('s1'));
  expect(one.speakerOf('s2')).not.toBe(two.speakerOf('s2'));
  expect(one.speakerOf(null)).not.toBe(two.speakerOf(null));
  expect(one.recording).not.toBe(two.recording);
  expect(new Set(['s1', 's2', null].map(one.speakerOf)).size).toBe(3);
});

it('is the same for the same recording, and cannot be derived without the key', () => {
  expect(pseudonymsOf(recording, KEY).recording).toBe(
    pseudonymsOf({ ...recording }, KEY).recording,
  );
  expect(pseudonymsOf(recording, 'cd'.repeat(32)).recording).not.toBe(
    pseudonymsOf(recording, KEY).recording,
  );
  expect(pseudonymsOf(recording, KEY).speakerOf('s1')).toMatch(/^[0-9a-f]{32}$/);
});
