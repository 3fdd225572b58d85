import { describe, expect, it } from 'vitest';
import { sentenceCase } from './text';

const cased = (text: string, startsSentence = true) =>
  sentenceCase(text.split(' '), startsSentence).join(' ');

describe('sentenceCase', () => {
  it('begins a sentence with a capital and invents nothing else', () => {
    expect(cased('the old man sat down')).toBe('The old man sat down');
    expect(cased('the old man sat down', false)).toBe('the old man sat down');
  });

  it('writes I and its short forms with a capital wherever they stand', () => {
    expect(cased("if i knew i'd say i'm sure i'll come and i've gone", false)).toBe(
      "if I knew I'd say I'm sure I'll come and I've gone",
    );
  });

  it('leaves words alone that only begin with i', () => {
    expect(cased("it is in ida's ivy", false)).toBe("it is in ida's ivy");
  });

  it('keeps capitals as they are written, also at the beginning', () => {
    expect(cased('iPhone and McKinley in London')).toBe('iPhone and McKinley in London');
    expect(cased('london calling')).toBe('London calling');
  });

  it('finds the first letter behind an apostrophe', () => {
    expect(cased("'twas so")).toBe("'Twas so");
  });

  it('takes no words', () => {
    expect(sentenceCase([], true)).toEqual([]);
  });
});
