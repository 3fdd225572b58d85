import { AppError, toAppError } from '@/lib/core/errors';
import { memoizePromise } from '@/lib/core/memoize-promise';
import { probe } from '@/lib/media/probe';
import { loadSpeex, type SpeexModule } from '@/lib/media/resample';
import { Transferred } from '@/lib/rpc/protocol';
import { serve } from '@/lib/rpc/server';
import type { DecodeChoices, DecodeMethods } from './protocol';
import { DecodeRun } from './run';

const runs = new Map<number, DecodeRun>();
let nextSession = 1;

let speex: (() => Promise<SpeexModule>) | null = null;

serve<DecodeMethods>(self, {
  async open({ source, startSample, track, assets, choices }, { signal }) {
    try {
      const probed = await probe(source);
      speex ??= memoizePromise(() => loadSpeex(assets.resamplerUrl));
      const run = await DecodeRun.open(
        {
          source,
          probe: probed,
          startSample,
          speex: await speex(),
          coreUrl: assets.ffmpegUrl,
          flow: chooseFlow(choices.ffmpegFlow),
          decoder: choices.decoder,
          track,
        },
        signal,
      );
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

function chooseFlow(choice: DecodeChoices['ffmpegFlow']): 'shared' | 'windows' {
  if (choice !== 'auto') return choice;
  return self.crossOriginIsolated ? 'shared' : 'windows';
}
