import { AppError, memoizePromise } from '@/lib/core';
import {
  loadSpeex,
  oggLinks,
  type Probe,
  probe,
  type SpeexModule,
  wavParts,
} from '@/lib/engine/audio';
import { ChainRun } from './chain-run';
import type { FfmpegOptions } from './ffmpeg-blocks';
import { DecodeRun } from './run';

/** Where the worker loads its wasm from. Absolute: a worker cannot rely on its own address. */
export interface DecodeAssets {
  /** Folder of ffmpeg.wasm's class, its worker and its core, with a slash at the end. */
  ffmpegUrl: string;
  /** Folder of the Speex resampler's module and wasm, with a slash at the end. */
  resamplerUrl: string;
}

/** How one source is decoded; every field has a default. */
export interface DecodeChoices {
  /**
   * `auto`: WebCodecs where it can, ffmpeg for the rest and for doubtful files. `ffmpeg`: ffmpeg
   * only (tests, and the benchmark of the fallback).
   */
  decoder: 'auto' | 'ffmpeg';
  /**
   * How ffmpeg is kept from running ahead of the reader. `shared`: it sleeps on shared memory,
   * which needs a cross-origin isolated page. `windows`: it runs again for each window of the
   * source. `auto`: `shared` where it can be had.
   */
  ffmpegFlow: 'auto' | 'shared' | 'windows';
}

let speex: (() => Promise<SpeexModule>) | null = null;

/** A source that is being decoded. */
export type OpenRun = DecodeRun | ChainRun;

/** What is decoded, from where, and with what. */
export interface DecodeOptions {
  source: Blob;
  startSample: number;
  /** Index of the audio track; `null`: the one that players take. */
  track: number | null;
  assets: DecodeAssets;
  choices: DecodeChoices;
  /** Makes what runs ffmpeg; not given: ffmpeg.wasm. */
  makeFfmpeg?: FfmpegOptions['makeFfmpeg'];
}

/**
 * Starts decoding a source, which may be several files that were put together.
 * @throws what `probe` throws; DECODE_EMPTY and the other codes of decoding
 */
export async function openRun(
  { source, startSample, track, assets, choices, makeFfmpeg }: DecodeOptions,
  signal: AbortSignal,
): Promise<OpenRun> {
  const probed = await probe(source);
  const links = await findLinks(source, probed);
  speex ??= memoizePromise(() => loadSpeex(assets.resamplerUrl));
  const options = {
    source: links[0] ?? source,
    probe: probed,
    startSample,
    speex: await speex(),
    ffmpegUrl: assets.ffmpegUrl,
    flow: chooseFlow(choices.ffmpegFlow),
    decoder: choices.decoder,
    track,
    makeFfmpeg,
  };
  return links.length > 1
    ? await ChainRun.open({ ...options, source }, links, signal)
    : await DecodeRun.open(options, signal);
}

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
