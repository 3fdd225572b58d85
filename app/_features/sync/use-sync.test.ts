import { describe, expect, it } from 'vitest';
import { waitingText } from './use-sync';

describe('what is said of changes that wait', () => {
  it('is nothing while they are on their way', () => {
    expect(waitingText(0, true, null)).toBeNull();
    expect(waitingText(3, true, null)).toBeNull();
    expect(waitingText(0, false, 'OFFLINE')).toBeNull();
  });

  it('is how many there are, and that they go by themselves', () => {
    expect(waitingText(1, false, null)).toBe('1 change will be sent when you are online again.');
    expect(waitingText(1234, false, 'OFFLINE')).toMatch(/^1,234 changes will be sent/);
  });

  it('distinguishes an unreachable server from a device without a network', () => {
    expect(waitingText(1, true, 'SERVER_BUSY')).toMatch(/^1 change could not be sent yet, and is/);
    expect(waitingText(2, true, 'OFFLINE')).toMatch(/^2 changes could not be sent yet, and are/);
  });

  it('says what to do when the list is full', () => {
    expect(waitingText(5, true, 'TOO_LARGE')).toMatch(/full\. Delete/);
  });
});
