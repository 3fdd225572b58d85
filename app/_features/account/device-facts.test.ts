import { describe, expect, it } from 'vitest';
import { decodeText } from './device-facts';

describe('decodeText', () => {
  it('says length, time, speed and decoder', () => {
    const measured = { audioMs: 3_600_000, elapsedMs: 24_120, decoder: 'webcodecs' };
    expect(decodeText(measured)).toBe('decoded 3600.0 s in 24.1 s (149 x real time, webcodecs)');
  });
});
