import { describe, expect, it } from 'vitest';
import { DEFAULT_HUB, fileUrl, parseHub, repositoryName } from './hub-address';

describe('parseHub', () => {
  it.each([
    [undefined, DEFAULT_HUB],
    ['', DEFAULT_HUB],
    ['https://hub.example/', 'https://hub.example'],
    ['http://127.0.0.1:8080/mirror//', 'http://127.0.0.1:8080/mirror'],
  ])('takes %j for %s', (value, address) => {
    expect(parseHub(value)).toBe(address);
  });

  it.each(['hub.example', 'ftp://hub.example', 'https://hub.example/?a=1', 'javascript:alert(1)'])(
    'refuses %s',
    (value) => {
      expect(() => parseHub(value)).toThrowError(expect.objectContaining({ code: 'BAD_REQUEST' }));
    },
  );
});

describe('repositoryName', () => {
  it.each([
    'onnx-community/whisper-tiny.en',
    ' onnx-community/whisper-tiny.en/ ',
    'https://huggingface.co/onnx-community/whisper-tiny.en',
    'https://huggingface.co/onnx-community/whisper-tiny.en/tree/main/onnx',
    'https://hub.example/models/onnx-community/whisper-tiny.en?library=x#files',
  ])('finds the name in %j', (text) => {
    expect(repositoryName(text)).toBe('onnx-community/whisper-tiny.en');
  });

  it.each(['', 'whisper', 'a/b/c', '../secret', 'a/..', 'a b/c', 'https://huggingface.co/'])(
    'refuses %j',
    (text) => {
      expect(() => repositoryName(text)).toThrowError(
        expect.objectContaining({ code: 'BAD_REQUEST', details: { reason: 'no-repository' } }),
      );
    },
  );
});

describe('fileUrl', () => {
  it('keeps folders and encodes the rest', () => {
    expect(fileUrl('https://h', 'a/b', 'refs/pr/1', 'onnx/x y.onnx')).toBe(
      'https://h/a/b/resolve/refs%2Fpr%2F1/onnx/x%20y.onnx',
    );
  });
});
