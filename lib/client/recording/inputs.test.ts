import { expect, test } from 'vitest';
import { LoudestInput } from './inputs';
import type { CaptureInput } from './ports';

/** Plays this for this many tenths of a second. @returns what took over, with the tenth in which it did */
function play(inputs: LoudestInput, microphone: number, display: number, tenths = 10) {
  const changes: [CaptureInput, number][] = [];
  for (let tenth = 0; tenth < tenths; tenth += 1) {
    const change = inputs.update(
      new Map([
        ['microphone', microphone],
        ['display', display],
      ]),
    );
    if (change) changes.push([change, tenth]);
  }
  return changes;
}

test('the input that somebody speaks into is the loudest within half a second', () => {
  const inputs = new LoudestInput();
  expect(play(inputs, 0.1, 0.001)).toEqual([['microphone', 0]]);
  const [change, ...more] = play(inputs, 0.002, 0.1);
  expect(change?.[0]).toBe('display');
  expect(change?.[1]).toBeLessThan(5);
  expect(more).toEqual([]);
});

test('a pause, a cough and an echo change nothing', () => {
  const inputs = new LoudestInput();
  play(inputs, 0.001, 0.1);
  expect(play(inputs, 0.001, 0.001)).toEqual([]);
  play(inputs, 0.03, 0.1);
  expect(play(inputs, 0.2, 0.1, 1)).toEqual([]);
  expect(play(inputs, 0.05, 0.1)).toEqual([]);
});

test('where nobody speaks there is none', () => {
  expect(play(new LoudestInput(), 0.001, 0.002)).toEqual([]);
});
