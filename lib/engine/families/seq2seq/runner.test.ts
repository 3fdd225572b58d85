import { expect, it } from 'vitest';
import { AppError } from '@/lib/core/errors';
import type { DecoderExport } from './graph/export';
import type { DecoderRunner } from './runner';
import { laterRunner } from './runner';

const shape = { vocabulary: 7 } as DecoderExport;

/** A graph of which only the calls are known. */
function scripted() {
  const calls: string[] = [];
  const none = (name: string) => async () => {
    calls.push(name);
    return {} as never;
  };
  const runner: DecoderRunner = {
    ...{ shape, maxSteps: 32 },
    ...{ prompt: none('prompt'), feed: none('feed'), advance: none('advance') },
    attend: none('attend'),
    recycle: () => calls.push('recycle'),
    release: none('release'),
  };
  return { calls, runner };
}

it('opens a graph once, when it is first run', async () => {
  const { calls, runner } = scripted();
  let opened = 0;
  const later = laterRunner(shape, async () => {
    opened += 1;
    return runner;
  });
  expect(later.shape).toBe(shape);
  later.recycle({});
  expect(opened).toBe(0);
  const run = () => later.prompt({} as never, []);
  await Promise.all([run(), run()]);
  expect(opened).toBe(1);
  expect(later.maxSteps).toBe(32);
  later.recycle({});
  await later.release();
  expect(calls).toEqual(['prompt', 'prompt', 'recycle', 'release']);
});

it('releases nothing where nothing was opened', async () => {
  await laterRunner(shape, () => Promise.reject(new Error('not to be opened'))).release();
});

it('tries again to open what could not be opened', async () => {
  const { calls, runner } = scripted();
  const answers = [
    Promise.reject(new AppError('OUT_OF_MEMORY', 'no room')),
    Promise.resolve(runner),
  ];
  const later = laterRunner(shape, () => answers.shift() ?? Promise.reject(new Error('too often')));
  await expect(later.attend({} as never, [], [])).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' });
  await later.attend({} as never, [], []);
  expect(calls).toEqual(['attend']);
});
