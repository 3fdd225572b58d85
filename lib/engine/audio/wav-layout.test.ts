import { describe, expect, it } from 'vitest';
import { wavHeader } from './wav';
import { wavParts } from './wav-layout';

const SOUND = new Uint8Array(1000).map((_, i) => (i * 7) % 251);
const FORMAT = { rateHz: 16_000, channels: 1 };
const LIST = 'LIST\x05\0\0\0INFO!';

const file = (statedBytes: number, ...behind: BlobPart[]) =>
  new Blob([wavHeader(statedBytes, FORMAT), SOUND, ...behind]);

/** The sound of each part, after the plain header that all have here. */
async function sounds(source: Blob): Promise<number[][] | null> {
  const parts = await wavParts(source);
  if (!parts) return null;
  return Promise.all(
    parts.map(async (part) => [...new Uint8Array(await part.slice(44).arrayBuffer())]),
  );
}

describe('wavParts', () => {
  it('leaves a file alone whose header is right, or that breaks off', async () => {
    const whole = file(1000);
    expect(await wavParts(whole)).toEqual([whole]);
    const broken = whole.slice(0, 500);
    expect(await wavParts(broken)).toEqual([broken]);
  });

  it.each([0, 64, 0x7fff_ffff, 0xffff_ffff])(
    'takes all audio where the header states %i bytes, and no chunk after it',
    async (stated) => {
      expect(await sounds(file(stated))).toEqual([[...SOUND]]);
      expect(await sounds(file(stated, LIST))).toEqual([[...SOUND]]);
    },
  );

  it('leaves out chunks after the audio, padded to even lengths or not', async () => {
    expect(await sounds(file(1000, LIST, '\0', LIST))).toEqual([[...SOUND]]);
    expect(await sounds(file(1000, LIST, LIST))).toEqual([[...SOUND]]);
  });

  it('separates concatenated files', async () => {
    expect(await sounds(new Blob([file(1000), file(1000, LIST), file(1000)]))).toEqual([
      [...SOUND],
      [...SOUND],
      [...SOUND],
    ]);
  });

  it.each([12, 36, 43])('finds no audio in the first %i bytes', async (bytes) => {
    expect(await sounds(file(1000).slice(0, bytes))).toBeNull();
  });

  it.each(['RF64', 'BW64'])('reads the 64-bit lengths of %s', async (form) => {
    const chunk = new Uint8Array(36);
    chunk.set(new TextEncoder().encode('ds64'));
    const view = new DataView(chunk.buffer);
    view.setUint32(4, 28, true);
    view.setBigUint64(8, 1072n, true);
    view.setBigUint64(16, 1000n, true);
    const header = wavHeader(0xffff_ffff, FORMAT);
    header.set(new TextEncoder().encode(form));
    const source = new Blob([header.slice(0, 12), chunk, header.slice(12), SOUND, LIST]);
    expect(await sounds(source)).toEqual([[...SOUND]]);
  });
});
