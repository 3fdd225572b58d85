import { describe, expect, it } from 'vitest';
import { toFfmpegError } from './ffmpeg-program';
import { FfmpegReport } from './ffmpeg-report';

function report(...lines: string[]): FfmpegReport {
  const made = new FfmpegReport();
  for (const line of lines) made.add(line, 0);
  return made;
}

describe('FfmpegReport', () => {
  it('reads what the source is', () => {
    const { facts } = report(
      "[info] Input #0, matroska,webm, from '/in/source':",
      '[info]   Duration: 01:02:03.50, start: 0.000000, bitrate: 100 kb/s',
      '[info]   Stream #0:0: Video: h264 (High), yuv420p(progressive), 64x48, 5 fps',
      '[info]   Stream #0:1(eng): Audio: ac3, 48000 Hz, 5.1(side), fltp, 448 kb/s (default)',
      '[info]     Metadata:',
      '[info]       title           : The film',
      '[info]   Stream #0:2[0x102](und): Audio: aac (LC), 44100 Hz, stereo, fltp',
      '[info]     Metadata:',
      '[info]       handler_name    : SoundHandler',
      '[info]   Stream #0:3: Subtitle: subrip',
      '[info]     Metadata:',
      '[info]       title           : Signs',
      '[info] Stream mapping:',
      "[info] Output #0, wav, to '/pipe/pcm':",
      '[info]   Stream #0:0: Audio: pcm_f32le, 48000 Hz, mono, flt, 1536 kb/s',
    );
    expect(facts).toEqual({
      format: 'matroska,webm',
      codec: 'ac3',
      durationSeconds: 3723.5,
      sampleRateHz: 48_000,
      channels: 6,
      hasVideo: true,
      audioTracks: [
        { name: 'The film', language: 'eng', isDefault: true },
        { name: null, language: null, isDefault: false },
      ],
    });
  });

  it('reports codec, rate and channels of the track that is decoded', () => {
    const second = new FfmpegReport(1);
    for (const line of [
      "[info] Input #0, avi, from '/in/source':",
      '[info]   Stream #0:0: Audio: ac3, 48000 Hz, 5.1(side), fltp, 448 kb/s',
      '[info]   Stream #0:1: Audio: mp3 (U[0][0][0] / 0x0055), 44100 Hz, stereo, fltp, 64 kb/s',
    ])
      second.add(line, 0);
    expect(second.facts).toMatchObject({ codec: 'mp3', sampleRateHz: 44_100, channels: 2 });
  });

  it('does not take a cover picture for a film, and counts odd channels', () => {
    const { facts } = report(
      "[info] Input #0, flac, from '/in/source':",
      '[info]   Stream #0:0: Audio: flac, 96000 Hz, 10 channels, s32 (24 bit)',
      '[info]   Stream #0:1: Video: mjpeg (Baseline), yuvj420p, 500x500 (attached pic)',
    );
    expect(facts).toMatchObject({ hasVideo: false, channels: 10, durationSeconds: null });
  });

  it('reports each broken position once, where the output was', () => {
    const made = new FfmpegReport();
    const broken = '[error] Error while decoding stream #0:0: Invalid data found';
    for (const atMs of [1000, 1100, 1500, 9000]) made.add(broken, atMs);
    expect(made.notices.map(({ kind, atMs }) => [kind, atMs])).toEqual([
      ['gap', 1000],
      ['gap', 9000],
    ]);
  });

  it.each([
    ['[error] [mov,mp4 @ 0x1] moov atom not found', 'DECODE_INCOMPLETE'],
    ["[fatal] Stream map '0:a:0' matches no streams.", 'DECODE_EMPTY'],
    ['[error] /in/source: Invalid data found when processing input', 'DECODE_UNSUPPORTED'],
  ])('names the failure behind "%s"', (line, code) => {
    expect(report(line).failure()).toMatchObject({ code, fatal: false });
  });

  it('names a codec that ffmpeg lacks, and any other failure', () => {
    const input = "[info] Input #0, mov, from '/in/source':";
    expect(report(input, '[error] Decoder (codec none) not found').failure().code).toBe(
      'DECODE_UNSUPPORTED',
    );
    expect(report(input, '[error] Something else').failure().code).toBe('DECODE_FAILED');
  });
});

describe('toFfmpegError', () => {
  it.each([
    ['RuntimeError: Aborted(OOM)', 'OUT_OF_MEMORY', true],
    [
      'RangeError: WebAssembly.Memory(): could not allocate memory; Out of memory',
      'OUT_OF_MEMORY',
      true,
    ],
    ['RuntimeError: unreachable', 'DECODE_FAILED', false],
    ['NotReadableError: The requested file could not be read.', 'SOURCE_GONE', false],
    ['SecurityError: Denied.', 'SOURCE_UNREADABLE', false],
  ])('names the failure behind "%s"', (text, code, fatal) => {
    expect(toFfmpegError(text)).toMatchObject({ code, fatal });
  });

  it('reads a thrown error as it reads its text', () => {
    expect(toFfmpegError(new TypeError('Failed to fetch')).message).toBe(
      'ffmpeg: TypeError: Failed to fetch',
    );
  });
});
