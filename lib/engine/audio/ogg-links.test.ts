import { describe, expect, it } from 'vitest';
import { oggLinks } from './ogg-links';

/** A page of one packet; `flags` 2 begins a stream. */
function page(flags: number, serial: number, bytes: number): Uint8Array<ArrayBuffer> {
  const segments = Math.floor(bytes / 255) + 1;
  const out = new Uint8Array(27 + segments + bytes);
  out.set([0x4f, 0x67, 0x67, 0x53, 0, flags]);
  out[14] = serial;
  out[26] = segments;
  out.fill(255, 27, 27 + segments - 1);
  out[27 + segments - 1] = bytes % 255;
  return out;
}

const link = (serial: number) => [
  page(2, serial, 30),
  ...[900, 4000, 50].map((n) => page(0, serial, n)),
];
const lengths = async (...parts: Uint8Array<ArrayBuffer>[]) =>
  (await oggLinks(new Blob(parts))).map(({ size }) => size);
const size = new Blob(link(1)).size;

describe('oggLinks', () => {
  it('finds one link in a plain file, also one of several streams', async () => {
    const film = [page(2, 1, 30), page(2, 2, 30), page(0, 1, 900), page(0, 2, 900)];
    expect(await lengths(...link(1))).toHaveLength(1);
    expect(await lengths(...film)).toHaveLength(1);
  });

  it('takes a chain apart, also where links have one number', async () => {
    expect(await lengths(...link(1), ...link(2), ...link(2))).toEqual([size, size, size]);
  });

  it('finds the next link after bytes that are not a page', async () => {
    const garbage = new Uint8Array(5000).fill(0x4f);
    expect(await lengths(...link(1), garbage, ...link(2))).toEqual([size + 5000, size]);
  });

  it('reads more than it holds in memory at once', async () => {
    const long = new Array<Uint8Array<ArrayBuffer>>(60).fill(page(0, 1, 60_000));
    const whole = new Blob([page(2, 1, 30), ...long]).size;
    expect(await lengths(page(2, 1, 30), ...long, ...link(2))).toEqual([whole, size]);
  });
});
