import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { nodeRuntime } from '../test-runtime';
import { parseWave } from '../wave';
import { openWhisper } from './engine';
import { repositoryFiles } from './test-files';

const LANGUAGES = { languages: ['en', 'de'] };
const FOLDER = 'public/models/ai2text-base';
const read = (path: string) => new Uint8Array(readFileSync(path));

it('the built-in model runs on the kernels, and writes a sentence', async () => {
  const files = [
    ...['config.json', 'generation_config.json', 'tokenizer.json'].map((name) => [name, name]),
    ...['encoder_model', 'decoder_model_merged'].map((name) => [
      `onnx/${name}.onnx`,
      `onnx/${name}_quantized.onnx`,
    ]),
  ] as [string, string][];
  const repository = new Map(files.map(([as, name]) => [as, read(`${FOLDER}/${name}`)]));
  const model = await openWhisper(nodeRuntime, repositoryFiles(repository), LANGUAGES, null);
  try {
    expect(model.runs).toEqual([
      { part: 'encoder', by: 'kernels', reason: null },
      { part: 'decoder', by: 'kernels', reason: null },
    ]);
    const pcm = parseWave(read('e2e/fixtures/audio/speech.wav').buffer);
    const textWith = async (hotWords: string[]) => {
      const options = { hotWords, language: 'en', task: 'transcribe' } as const;
      const { hypotheses } = await model.recognise([pcm], options, new AbortController().signal);
      return hypotheses[0]?.words.map(({ text }) => text).join(' ');
    };
    const text = await textWith([]);
    expect(text).toContain('Most of the boats had already come home.');
    // clear speech is not bent to names that were not said
    expect(await textWith(['Wetherr', 'Peer', 'Kubernetes'])).toBe(text);
  } finally {
    await model.release();
  }
});
