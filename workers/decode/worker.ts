import { AppError, toAppError } from '@/lib/core/errors';
import { memoizePromise } from '@/lib/core/memoize-promise';
import { oggLinks } from '@/lib/media/ogg-links';
import { type Probe, probe } from '@/lib/media/probe';
import { loadSpeex, type SpeexModule } from '@/lib/media/resample';
import { wavParts } from '@/lib/media/wav-layout';
import { Transferred } from '@/lib/rpc/protocol';
import { serve } from '@/lib/rpc/server';
import { ChainRun } from './chain-run';
import type { DecodeChoices, DecodeMethods } from './protocol';
import { DecodeRun } from './run';

const runs = new Map<number, DecodeRun | ChainRun>();
let nextSession = 1;

let speex: (() => Promise<SpeexModule>) | null = null;

serve<DecodeMethods>(self, {
  async open({ source, startSample, track, assets, choices }, { signal }) {
    try {
      const probed = await probe(source);
      const links = await findLinks(source, probed);
      speex ??= memoizePromise(() => loadSpeex(assets.resamplerUrl));
      const options = {
        source: links[0] ?? source,
        probe: probed,
        startSample,
        speex: await speex(),
        coreUrl: assets.ffmpegUrl,
        flow: chooseFlow(choices.ffmpegFlow),
        decoder: choices.decoder,
        track,
      };
      const run =
        links.length > 1
          ? await ChainRun.open({ ...options, source }, links, signal)
          : await DecodeRun.open(options, signal);
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

/** The files that a source holds: several, where some were put together. */
async function findLinks(source: Blob, { mediaType, startByte }: Probe): Promise<Blob[]> {
  if (mediaType.endsWith('/ogg')) return oggLinks(source);
  if (mediaType !== 'audio/wav') return [source];
  const parts = await wavParts(source, startByte);
  if (!parts)
    throw new AppError('DECODE_EMPTY', 'The WAV file ends in front of its sound.', {
      details: { sizeBytes: source.size },
    });
  return parts;
}

function chooseFlow(choice: DecodeChoices['ffmpegFlow']): 'shared' | 'windows' {
  if (choice !== 'auto') return choice;
  return self.crossOriginIsolated ? 'shared' : 'windows';
}
