import { AppError, memoizePromise } from '@/lib/core';
import {
  BUNDLE_TYPE,
  isUnreadableTrack,
  loadSpeex,
  oggLinks,
  type Probe,
  probe,
  readBundle,
  type SpeexModule,
  type TrackIndex,
  wavParts,
} from '@/lib/engine/audio';
import { ChainRun } from './chain-run';
import type { FfmpegOptions } from './ffmpeg-blocks';
import { MixRun, ShiftedRun, type SoundSource, shiftOf } from './mix-run';
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

/** This many tracks are tried, at most, where none of those before could be read. */
const TRIED_TRACKS = 8;

let speex: (() => Promise<SpeexModule>) | null = null;

/** A source that is being decoded. */
export type OpenRun = SoundSource;

/** What is decoded, from where, and with what. */
export interface DecodeOptions {
  source: Blob;
  startSample: number;
  /** Index of the audio track, or all mixed; `null`: the one that players take. */
  track: TrackIndex | null;
  assets: DecodeAssets;
  choices: DecodeChoices;
  /** Makes what runs ffmpeg; not given: ffmpeg.wasm. */
  makeFfmpeg?: FfmpegOptions['makeFfmpeg'];
}

/**
 * Starts decoding a source, which may be several files that were put together. Of all tracks mixed, those that cannot
 * be read are left out.
 * @throws what `probe` throws; DECODE_EMPTY and the other codes of decoding
 */
export async function openRun(options: DecodeOptions, signal: AbortSignal): Promise<OpenRun> {
  const { track } = options;
  if (track !== 'all') return openTrack({ ...options, track }, signal);
  const runs: SoundSource[] = [];
  const failures: AppError[] = [];
  try {
    for (let next = 0; next < (runs[0]?.info.audioTracks.length ?? TRIED_TRACKS); next += 1)
      try {
        runs.push(await openTrack({ ...options, track: next }, signal));
      } catch (error) {
        // the others are the recording then
        if (!isUnreadableTrack(error)) throw error;
        failures.push(error);
      }
  } catch (error) {
    for (const run of runs) run.close();
    throw error;
  }
  const [first] = runs;
  if (!first) throw failures[0];
  return runs.length === 1 ? first : new MixRun(runs, options.startSample);
}

type OneTrack = DecodeOptions & { track: number | null };

/** One track: of a file, or a file of those that are one recording. */
async function openTrack(options: OneTrack, signal: AbortSignal): Promise<SoundSource> {
  const parts = await readBundle(options.source);
  if (!parts) return openFile(options, signal);
  const audioTrack = options.track ?? 0;
  const part = parts[audioTrack];
  if (!part)
    throw new AppError('DECODE_NO_AUDIO', `There is no track ${audioTrack}.`, {
      details: { tracks: parts.length },
    });
  const { startSample } = options;
  const shift = shiftOf(part.startMs);
  const inFile = Math.max(0, startSample - shift);
  const file = { ...options, source: part.file, track: null, startSample: inFile };
  return new ShiftedRun(
    await openFile(file, signal),
    { startSample, shift },
    {
      mediaType: BUNDLE_TYPE,
      container: 'Tar',
      audioTracks: parts.map(({ name }, index) => ({
        name,
        language: null,
        isDefault: index === 0,
      })),
      audioTrack,
    },
  );
}

async function openFile(
  { source, startSample, track, assets, choices, makeFfmpeg }: OneTrack,
  signal: AbortSignal,
): Promise<SoundSource> {
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
