import { describe, expect, it } from 'vitest';
import { filesFromDrop } from '@/app/_features/ui/files';
import { mayBeAdded, pairFiles, withoutLoneTexts } from './commands';

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

  it('joins what lies in one folder, and leaves other texts of folders', async () => {
    const entry = (name: string) => ({
      isDirectory: false,
      name,
      file: (done: (file: File) => void) => done(new File(['x'], name)),
    });
    const folder = (fullPath: string, ...names: string[]) => ({
      isDirectory: true,
      fullPath,
      createReader: () => {
        const left = names.map(entry);
        return { readEntries: (done: (some: unknown[]) => void) => done(left.splice(0)) };
      },
    });
    const roots = [
      folder('/may', 'talk.mp3', 'talk.en.srt', 'package.json', 'notes.docx'),
      folder('/june', 'talk.mp3', 'talk.vtt', 'other.srt'),
    ];
    const items = roots.map((root) => ({
      kind: 'file',
      getAsFile: () => null,
      webkitGetAsEntry: () => root,
    }));
    // only these two fields are read
    const drop = { items, files: [] } as unknown as DataTransfer;
    const { files, skipped } = await filesFromDrop(drop, mayBeAdded);
    expect(skipped).toBe(1);
    const lone = new File(['x'], 'lone.srt');
    const { pairs, recordings, texts } = pairFiles(withoutLoneTexts([...files, lone]));
    expect(pairs.map(({ recording, text }) => `${recording.name} + ${text.name}`)).toEqual([
      'talk.mp3 + talk.en.srt',
      'talk.mp3 + talk.vtt',
    ]);
    expect(recordings).toEqual([]);
    expect(texts).toEqual([lone]);
  });

  it('leaves documents by themselves: they may say nothing of times', () => {
    expect(paired('talk.mp3', 'talk.docx').pairs).toEqual([]);
  });
});
