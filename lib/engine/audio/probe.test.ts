import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { textBytes } from '@/e2e/fixtures/media-files';
import { probe, readError } from './probe';

const audio = (name: string) =>
  new Blob([readFileSync(new URL(`../../../e2e/fixtures/audio/${name}`, import.meta.url))]);

/** An ID3v2 tag of this many bytes, its header apart. */
function id3(bytes: number): Uint8Array<ArrayBuffer> {
  const tag = new Uint8Array(10 + bytes);
  tag.set([0x49, 0x44, 0x33, 4, 0, 0]);
  for (let i = 0; i < 4; i++) tag[9 - i] = (bytes >> (7 * i)) & 0x7f;
  return tag;
}

describe('probe', () => {
  it.each([
    ['speech.wav', 'audio/wav', 'WAV'],
    ['speech-cbr.mp3', 'audio/mpeg', 'MP3'],
    ['speech-vbr.mp3', 'audio/mpeg', 'MP3'],
    ['speech.aac', 'audio/aac', 'AAC'],
    ['speech.m4a', 'audio/mp4', 'M4A'],
    ['speech-alac.m4a', 'audio/mp4', 'M4A'],
    ['speech.mp4', 'video/mp4', 'MP4'],
    ['speech-opus.ogg', 'audio/ogg', 'Ogg'],
    ['speech-vorbis.ogg', 'audio/ogg', 'Ogg'],
    ['speech.flac', 'audio/flac', 'FLAC'],
    ['speech.webm', 'video/webm', 'WebM'],
    ['speech-ac3.mkv', 'video/x-matroska', 'Matroska'],
    ['speech.aiff', 'audio/aiff', 'AIFF'],
    ['speech.wma', 'video/x-ms-asf', 'Windows Media'],
    ['speech.avi', 'video/x-msvideo', 'AVI'],
  ])('knows %s by its content', async (file, mediaType, name) => {
    expect(await probe(audio(file))).toMatchObject({ mediaType, name });
  });

  it('looks past ID3 tags, also several and long ones', async () => {
    const mp3 = audio('speech-cbr.mp3');
    const plain = await probe(mp3);
    const tagged = await probe(new Blob([id3(200_000), id3(5), mp3]));
    expect(tagged).toEqual({ ...plain, startByte: plain.startByte + 200_010 + 15 });
    expect(await probe(new Blob([id3(3000), audio('speech.flac')]))).toMatchObject({
      mediaType: 'audio/flac',
      startByte: 3010,
    });
  });

  it.each<[string, BlobPart, string]>([
    ['text', textBytes(), 'text/plain'],
    ['text that is cut within a letter', new Uint8Array([104, 195, 169, 32, 195]), 'text/plain'],
    ['UTF-16 text', new Uint8Array([0xff, 0xfe, 72, 0, 105, 0, 33, 0]), 'text/plain'],
    ['HTML', '\n <!doctype HTML><title>x</title>', 'text/html'],
    ['XML', '<?xml version="1.0"?><a/>', 'application/xml'],
    [
      'a playlist',
      '#EXTM3U\n#EXTINF:1,\nhttps://example.org/a.mp3',
      'application/vnd.apple.mpegurl',
    ],
    ['a PDF', '%PDF-1.4\n', 'application/pdf'],
    ['a ZIP archive', 'PK\x03\x04\x14\0', 'application/zip'],
    ['a PNG image', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), 'image/png'],
    ['a JPEG image', new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 16]), 'image/jpeg'],
    ['a HEIC image', '\0\0\0\x18ftypheic\0\0\0\0', 'image/heif'],
    ['a WebP image', 'RIFF\x10\0\0\0WEBPVP8 ', 'image/webp'],
    ['a MIDI file', 'MThd\0\0\0\x06', 'audio/midi'],
  ])('refuses %s and says what it is', async (_, part, mediaType) => {
    await expect(probe(new Blob([part]))).rejects.toMatchObject({
      code: 'DECODE_UNSUPPORTED',
      details: { mediaType },
    });
  });

  it('refuses nothing at all', async () => {
    await expect(probe(new Blob([]))).rejects.toMatchObject({ code: 'SOURCE_EMPTY' });
  });

  it('leaves to ffmpeg what it does not know', async () => {
    const bytes = Uint8Array.from({ length: 4000 }, (_, i) => (i * i * 31) % 251);
    expect(await probe(new Blob([bytes]))).toMatchObject({
      mediaType: 'application/octet-stream',
      frames: null,
    });
  });
});

describe('readError', () => {
  it('distinguishes a missing source from a denied one and from other failures', () => {
    expect(readError(new DOMException('x', 'NotFoundError'))?.code).toBe('SOURCE_GONE');
    expect(readError(new DOMException('x', 'NotReadableError'))?.code).toBe('SOURCE_GONE');
    expect(readError(new DOMException('x', 'NotAllowedError'))?.code).toBe('SOURCE_UNREADABLE');
    expect(readError(new TypeError('x'))).toBeNull();
  });
});
