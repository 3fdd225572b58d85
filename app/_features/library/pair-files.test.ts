import { describe, expect, it } from 'vitest';
import { pairFiles } from './pair-files';

const paired = (...names: string[]) => {
  const { pairs, recordings, texts } = pairFiles(names.map((name) => new File(['x'], name)));
  return {
    pairs: pairs.map(({ recording, text }) => `${recording.name} + ${text.name}`),
    recordings: recordings.map(({ name }) => name),
    texts: texts.map(({ name }) => name),
  };
};

describe('pairFiles', () => {
  it('joins a recording and the text of the same name, whatever is beside them', () => {
    expect(
      paired(
        'talk.mp3',
        'other.wav',
        'Talk.SRT',
        'café.mp4',
        'cafe\u0301.vtt',
        'b.mkv',
        'b.json',
        'lone.srt',
      ),
    ).toEqual({
      pairs: ['talk.mp3 + Talk.SRT', 'café.mp4 + cafe\u0301.vtt', 'b.mkv + b.json'],
      recordings: ['other.wav'],
      texts: ['lone.srt'],
    });
  });

  it('passes over a language at the end of the name, unless a name fits as it is', () => {
    expect(paired('talk.mp3', 'talk.en.srt').pairs).toEqual(['talk.mp3 + talk.en.srt']);
    expect(paired('talk.mp3', 'talk.pt-BR.vtt').pairs).toEqual(['talk.mp3 + talk.pt-BR.vtt']);
    expect(paired('talk.mp3', 'talk.en.srt', 'talk.srt')).toEqual({
      pairs: ['talk.mp3 + talk.srt'],
      recordings: [],
      texts: ['talk.en.srt'],
    });
    expect(paired('talk.mp3', 'talk.part.srt').pairs).toEqual([]);
  });

  it('does not choose between several that fit', () => {
    expect(paired('talk.mp3', 'talk.en.srt', 'talk.de.srt').pairs).toEqual([]);
    expect(paired('talk.mp3', 'talk.srt', 'talk.vtt').pairs).toEqual([]);
    expect(paired('talk.mp3', 'talk.mp4', 'talk.srt').pairs).toEqual([]);
  });

  it('leaves documents by themselves: they may say nothing of times', () => {
    expect(paired('talk.mp3', 'talk.docx').pairs).toEqual([]);
  });
});
