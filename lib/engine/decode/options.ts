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
