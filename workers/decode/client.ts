import { AppError, isAppError } from '@/lib/core';
import type { DecodeNotice, MediaInfo, PcmChunk } from '@/lib/engine/audio';
import type { DecodeAssets, DecodeChoices } from '@/lib/engine/decode';
import type { Decoder, DecodeSession } from '@/lib/engine/pipeline';
import { type Client, createClient } from '@/lib/engine/rpc';
import type { DecodeMethods } from './protocol';

export interface CreateDecoderOptions extends Partial<DecodeChoices> {
  /** Where the app's own files are served from (default: this page's origin). */
  assetOrigin?: string;
}

/**
 * A decoder that lives in its own worker. The worker starts with the first source; after a crash
 * the open session rejects with `WORKER_CRASHED` and the next `open` starts a fresh one.
 */
export function createDecoder(options: CreateDecoderOptions = {}): Decoder & { dispose(): void } {
  const { assetOrigin = globalThis.location.origin } = options;
  const assets: DecodeAssets = {
    ffmpegUrl: new URL('/ffmpeg/', assetOrigin).href,
    resamplerUrl: new URL('/resampler/', assetOrigin).href,
  };
  const choices: DecodeChoices = {
    decoder: options.decoder ?? 'auto',
    ffmpegFlow: options.ffmpegFlow ?? 'auto',
  };
  const client = createClient<DecodeMethods>(
    () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'decode' }),
    { name: 'decode' },
  );
  return {
    async open(source, { startSample, track = null, decoder, signal }) {
      const opened = await client.call(
        'open',
        {
          source,
          startSample,
          track,
          assets,
          choices: decoder === 'ffmpeg' ? { ...choices, decoder } : choices,
        },
        { signal },
      );
      return new WorkerSession(client, opened.session, opened.info);
    },
    dispose: () => client.dispose(),
  };
}

/** The page's end of a session in the worker. */
class WorkerSession implements DecodeSession {
  #info: MediaInfo;
  #notices: readonly DecodeNotice[] = [];
  #loudest = 0;
  #state: 'open' | 'lost' | 'closed' = 'open';

  constructor(
    private readonly client: Client<DecodeMethods>,
    private readonly id: number,
    info: MediaInfo,
  ) {
    this.#info = info;
  }

  get info(): MediaInfo {
    return this.#info;
  }

  get notices(): readonly DecodeNotice[] {
    return this.#notices;
  }

  get loudest(): number {
    return this.#loudest;
  }

  async read(signal?: AbortSignal): Promise<PcmChunk | null> {
    if (this.#state === 'closed') throw new AppError('BAD_REQUEST', 'The session is closed.');
    try {
      const { chunk, info, notices, loudest } = await this.client.call(
        'read',
        { session: this.id },
        { signal },
      );
      this.#info = info;
      this.#notices = notices;
      this.#loudest = loudest;
      return chunk;
    } catch (error) {
      // the worker is gone and the session with it: closing would only start a new worker
      if (isAppError(error) && error.fatal) this.#state = 'lost';
      throw error;
    }
  }

  async close(): Promise<void> {
    const was = this.#state;
    this.#state = 'closed';
    if (was !== 'open') return;
    try {
      await this.client.call('close', { session: this.id });
    } catch (error) {
      // a disposed or crashed worker has freed everything already
      if (isAppError(error) && (error.code === 'ABORTED' || error.fatal)) return;
      throw error;
    }
  }
}
