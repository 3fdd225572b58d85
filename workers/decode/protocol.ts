import type { DecodeNotice, MediaInfo, PcmChunk } from '@/lib/engine/audio';

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
   * which needs a cross-origin isolated page. `windows`: it runs again for each stretch of the
   * source. `auto`: `shared` where it can be had.
   */
  ffmpegFlow: 'auto' | 'shared' | 'windows';
}

/** The decode worker's methods. PCM is pulled: nothing is decoded while nobody reads. */
export interface DecodeMethods {
  open: {
    params: {
      source: Blob;
      startSample: number;
      /** Index of the audio track; `null`: the one that players take. */
      track: number | null;
      assets: DecodeAssets;
      choices: DecodeChoices;
    };
    result: { session: number; info: MediaInfo };
  };
  read: {
    params: { session: number };
    result: {
      /** `null` after the last. */
      chunk: PcmChunk | null;
      /** As known now: the decoder can change on the way. */
      info: MediaInfo;
      /** All that was found so far. */
      notices: DecodeNotice[];
      /** The largest |sample| of any channel so far, before mixing. */
      loudest: number;
    };
  };
  close: { params: { session: number }; result: null };
}
