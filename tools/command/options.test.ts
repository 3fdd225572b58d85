import { spawnSync } from 'node:child_process';
import { describe, expect, it, test } from 'vitest';
import { readCommand } from './options';

const COMMAND = {
  name: 'count',
  text: 'counts words',
  options: {
    json: { value: 'FILE', text: 'writes them there' },
    limit: { value: 'N', least: 1, text: 'so many at most' },
    backend: { value: 'NAME', choices: ['wasm', 'webgpu'], text: 'where it computes' },
    quick: { text: 'leaves the rest out' },
  },
};
const read = (...args: string[]) => readCommand(COMMAND, args);

describe('readCommand', () => {
  it('reads texts, whole numbers and switches; only what was given', () => {
    expect(read('--json', 'a.json', '--limit=3', '--quick').values).toEqual({
      json: 'a.json',
      limit: 3,
      quick: true,
    });
    expect(read().values).toEqual({});
  });

  it.each([
    [
      ['--jsno', 'x'],
      /no option --jsno; did you mean --json\? It takes --json, --limit, --backend/,
    ],
    [['--banana'], /no option --banana\. It takes --json, --limit, --backend, --quick, --help\./],
    [['-x'], /no option --x\. It takes/],
    [['--toString'], /no option --toString/],
    [['--json'], /--json needs a value: --json FILE/],
    [['--json', '--quick'], /--json needs a value/],
    [['--json='], /--json needs a value/],
    [['--quick=yes'], /--quick takes no value/],
    [['--json', 'a', '--json', 'b'], /--json was given twice/],
    [['--limit', '0'], /--limit is a whole number, at least 1, not 0/],
    [['--limit', '1e3'], /--limit is a whole number/],
    [['--limit', '-1'], /--limit is a whole number, at least 1, not -1/],
    [['--backend', 'cuda'], /--backend is wasm or webgpu, not cuda/],
    [['a.json'], /not clear what a\.json is for.*lone --/],
  ])('refuses %j with a sentence and exit code 2', (args, sentence) => {
    expect(() => read(...args)).toThrow(sentence);
    expect(() => read(...args)).toThrow(expect.objectContaining({ exitCode: 2 }));
  });

  it('asks for as many names as the command takes', () => {
    const command = { ...COMMAND, names: { name: 'ID', text: 'a model' } };
    expect(readCommand(command, ['one', '--quick']).names).toEqual(['one']);
    expect(() => readCommand(command, [])).toThrow(/ID is missing: a model/);
    expect(() => readCommand(command, ['one', 'two'])).toThrow(/what two is for/);
  });

  it.each(['--help', '-h'])(
    'lists each option in a line for %s, whatever else stands there',
    (help) => {
      expect(() => read('--banana', help)).toThrow(expect.objectContaining({ exitCode: 0 }));
      expect(() => read(help)).toThrow(
        /^npm run count: counts words\n.*\n {2}--json FILE +writes them there\n {2}--limit N .*\n.*wasm, webgpu\n.*\n {2}--help +shows this list$/,
      );
    },
  );
});

/** Those of package.json whose script reads its options by this module. */
const COMMANDS = [
  ...['start', 'build', 'dev', 'format'],
  ...['bench/bench', 'wer/wer', 'verify-model/verify-model', 'models/models'],
];

const run = (script: string, ...args: string[]) =>
  spawnSync(process.execPath, ['tools/run.mjs', `tools/${script}.ts`, ...args], {
    encoding: 'utf8',
  });

test.each(COMMANDS)('%s explains itself, and takes no option that it does not know', (name) => {
  const help = run(name, '--help');
  expect(help).toMatchObject({ status: 0, stderr: '' });
  expect(help.stdout).toContain('--help  ');
  const wrong = run(name, '--no-such-option');
  expect(wrong).toMatchObject({ status: 2, stdout: '' });
  expect(wrong.stderr).toMatch(/^There is no option --no-such-option.*--help.*\n$/);
});

test('a command whose output is read no further ends quietly', () => {
  const { stdout, stderr } = spawnSync(
    'sh',
    ['-c', 'node tools/run.mjs tools/build.ts --help | true'],
    {
      encoding: 'utf8',
    },
  );
  expect([stdout, stderr]).toEqual(['', '']);
});
