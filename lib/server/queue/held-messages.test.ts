import { expect, it, onTestFinished, vi } from 'vitest';
import { HeldMessages } from './held-messages';

it('forgets messages that are not held on to', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const held = new HeldMessages<string>(1_000);
  held.hold('lost', 'a');
  held.hold('alive', 'b');
  held.hold('ended', 'c');
  held.drop('ended');
  vi.advanceTimersByTime(900);
  held.hold('alive', 'b');
  vi.advanceTimersByTime(200);
  held.hold('new', 'd');
  const leases = ['lost', 'alive', 'ended', 'new'];
  expect(leases.map((lease) => held.get(lease))).toEqual([undefined, 'b', undefined, 'd']);
});
