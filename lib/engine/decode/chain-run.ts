import { AppError, isAppError } from '@/lib/core';
import {
  createPeaks,
  type DecodeNotice,
  type MediaInfo,
  mergeNotices,
  type PcmChunk,
  type PeakMaker,
  probe,
  SAMPLE_RATE_HZ,
} from '@/lib/engine/audio';
import { DecodeRun, type RunOptions } from './run';

/**
 * Several files that were put together into one source, decoded one after the other; each may have its own
 * rate, channels and codec. The length of one is known only once it is decoded, so that a late start decodes
 * everything before it, too.
 */
export class ChainRun {
  readonly #options: RunOptions;
  readonly #links: readonly Blob[];
  readonly #peaks: PeakMaker;
  #run: DecodeRun;
  #link: number;
  /** Where the current link begins. */
  #linkStart = 0;
  /** Where what was decoded ends. */
  #decoded = 0;
  /** Where what was returned ends. */
  #reached: number;
  /** Links that could not be read. */
  readonly #broken: DecodeNotice[] = [];
  #pastNotices: readonly DecodeNotice[] = [];
  /** The largest |sample| of earlier links. */
  #pastLoudest = 0;
  #waiting: Float32Array<ArrayBuffer> | null = null;
  #ended = false;

  private constructor(
    options: RunOptions,
    links: readonly Blob[],
    { run, link }: { run: DecodeRun; link: number },
  ) {
    this.#options = options;
    this.#links = links;
    this.#run = run;
    this.#link = link;
    this.#reached = options.startSample;
    this.#peaks = createPeaks(options.startSample);
  }

  static async open(
    options: RunOptions,
    links: readonly Blob[],
    signal: AbortSignal,
  ): Promise<ChainRun> {
    const opened = await openFrom(options, links, 0, signal);
    if ('error' in opened) throw opened.error;
    return new ChainRun(options, links, opened);
  }

  /** Describes the current link; the length of the later ones is estimated from their bytes. */
  get info(): MediaInfo {
    const { info } = this.#run;
    const left = this.#links.slice(this.#link).reduce((sum, { size }) => sum + size, 0);
    const share = left / (this.#links[this.#link]?.size ?? left);
    const durationMs =
      info.durationMs === null ? null : Math.round(this.#linkStartMs + info.durationMs * share);
    // a resumed run must not decode all links with the current one's decoder
    return { ...info, durationMs, decoder: 'webcodecs' };
  }

  get notices(): DecodeNotice[] {
    const offsetMs = this.#linkStartMs;
    const own = this.#run.notices.map((one) => ({ ...one, atMs: one.atMs + offsetMs }));
    return mergeNotices(this.#pastNotices, own, this.#broken);
  }

  get loudest(): number {
    return Math.max(this.#pastLoudest, this.#run.loudest);
  }

  async read(signal: AbortSignal): Promise<PcmChunk | null> {
    // one piece ahead: only then is it known whether this one is the last
    this.#waiting ??= await this.#next(signal);
    const pcm = this.#waiting;
    if (!pcm) return null;
    const following = await this.#next(signal);
    this.#waiting = following;
    const startSample = this.#reached;
    this.#reached += pcm.length;
    const peaks = this.#peaks.push(pcm);
    if (following) return { startSample, pcm, peaks };
    const values = Uint8Array.from([...peaks.values, ...this.#peaks.finish().values]);
    return { startSample, pcm, peaks: { ...peaks, values } };
  }

  close(): void {
    this.#ended = true;
    this.#run.close();
  }

  /** The next sound from the wanted position on; `null` after the last link. */
  async #next(signal: AbortSignal): Promise<Float32Array<ArrayBuffer> | null> {
    while (!this.#ended) {
      const chunk = await this.#readLink(signal);
      if (!chunk) {
        if (!(await this.#openNext(signal))) this.#ended = true;
        continue;
      }
      const start = this.#linkStart + chunk.startSample;
      this.#decoded = start + chunk.pcm.length;
      const unwanted = Math.max(0, this.#options.startSample - start);
      if (unwanted < chunk.pcm.length) return unwanted > 0 ? chunk.pcm.slice(unwanted) : chunk.pcm;
    }
    return null;
  }

  /** A link that cannot be read to its end does not keep the next ones from being read. */
  async #readLink(signal: AbortSignal): Promise<PcmChunk | null> {
    try {
      return await this.#run.read(signal);
    } catch (error) {
      if (!isOfLink(error) || (this.#isLast && this.#decoded === 0)) throw error;
      this.#broken.push(toGap(this.#decoded));
      return null;
    }
  }

  async #openNext(signal: AbortSignal): Promise<boolean> {
    if (this.#isLast) return false;
    // where a link breaks off, the source continues
    this.#pastNotices = this.notices.map((one) =>
      one.kind === 'cut-off' ? { ...one, kind: 'gap' } : one,
    );
    const opened = await openFrom(this.#options, this.#links, this.#link + 1, signal);
    if (opened.skipped > 0) this.#broken.push(toGap(this.#decoded));
    if ('error' in opened) {
      this.#link = this.#links.length - 1;
      return false;
    }
    this.#pastLoudest = this.loudest;
    this.#run.close();
    this.#run = opened.run;
    this.#link = opened.link;
    this.#linkStart = this.#decoded;
    return true;
  }

  get #linkStartMs(): number {
    return Math.round((this.#linkStart / SAMPLE_RATE_HZ) * 1000);
  }

  get #isLast(): boolean {
    return this.#link === this.#links.length - 1;
  }
}

type Opened = { skipped: number } & ({ run: DecodeRun; link: number } | { error: unknown });

/** Opens the first link that can be opened. */
async function openFrom(
  options: RunOptions,
  links: readonly Blob[],
  first: number,
  signal: AbortSignal,
): Promise<Opened> {
  let failure: unknown = new AppError('DECODE_FAILED', 'The source has no links.');
  for (let link = first; link < links.length; link++) {
    const source = links[link];
    if (!source) break;
    try {
      const own = { source, probe: await probe(source), startSample: 0 };
      const run = await DecodeRun.open({ ...options, ...own }, signal);
      return { run, link, skipped: link - first };
    } catch (error) {
      if (!isOfLink(error)) throw error;
      if (link === first) failure = error;
    }
  }
  return { error: failure, skipped: links.length - first };
}

/** Whether a failure concerns one link only. */
function isOfLink(error: unknown): boolean {
  return isAppError(error) && !error.fatal && error.code.startsWith('DECODE_');
}

function toGap(sample: number): DecodeNotice {
  return { kind: 'gap', atMs: Math.round((sample / SAMPLE_RATE_HZ) * 1000), lengthMs: null };
}
