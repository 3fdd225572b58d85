import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { AppError, toAppError } from '@/lib/core';
import { serve, Transferred } from '@/lib/engine/rpc';
import { ClipReader } from './clip-reader';
import { encodeFlac } from './encode-flac';
import type { ClipMethods } from './protocol';

const readers = new Map<number, ClipReader>();
let nextSession = 1;

serve<ClipMethods>(self, {
  async open(source) {
    const session = nextSession++;
    readers.set(session, new ClipReader(source));
    return { session };
  },

  async cut({ session, startMs, endMs }, { signal }) {
    const reader = readers.get(session);
    // opened in a worker that has crashed since
    if (!reader)
      throw new AppError('WORKER_CRASHED', `Clip session ${session} is gone.`, { fatal: true });
    try {
      const pcm = await reader.read({ startMs, endMs }, signal);
      const bytes = await encodeFlac(pcm);
      const clip = { bytes, sha256: bytesToHex(sha256(bytes)), samples: pcm.length };
      return new Transferred(clip, [bytes.buffer]);
    } catch (error) {
      throw toAppError(error, 'DECODE_FAILED');
    }
  },

  async close({ session }) {
    readers.get(session)?.close();
    readers.delete(session);
    return null;
  },
});
