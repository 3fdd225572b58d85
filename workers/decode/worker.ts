import { AppError, toAppError } from '@/lib/core';
import { type OpenRun, openRun } from '@/lib/engine/decode';
import { serve, Transferred } from '@/lib/engine/rpc';
import type { DecodeMethods } from './protocol';

const runs = new Map<number, OpenRun>();
let nextSession = 1;

serve<DecodeMethods>(self, {
  async open(params, { signal }) {
    try {
      const run = await openRun(params, signal);
      const session = nextSession++;
      runs.set(session, run);
      return { session, info: run.info };
    } catch (error) {
      throw toAppError(error, 'DECODE_FAILED');
    }
  },

  async read({ session }, { signal }) {
    const run = runs.get(session);
    // opened in a worker that has crashed since, between two reads
    if (!run)
      throw new AppError('WORKER_CRASHED', `Decode session ${session} is gone.`, { fatal: true });
    try {
      const chunk = await run.read(signal);
      const { info, notices, loudest } = run;
      return new Transferred(
        { chunk, info, notices, loudest },
        chunk ? [chunk.pcm.buffer, chunk.peaks.values.buffer] : [],
      );
    } catch (error) {
      throw toAppError(error, 'DECODE_FAILED');
    }
  },

  async close({ session }) {
    runs.get(session)?.close();
    runs.delete(session);
    return null;
  },
});
