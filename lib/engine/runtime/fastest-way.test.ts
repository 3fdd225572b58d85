import { describe, expect, it } from 'vitest';
import { AppError } from '@/lib/core/errors';
import { openFastest, type Way } from './fastest-way';

const published: Way<string> = { by: 'graph', open: async () => 'published' };
const knows: Way<string | null> = { by: 'loop', open: async () => 'loop' };
const knowsNot: Way<string | null> = { by: 'kernels', open: async () => null };
const failing = (error: Error): Way<string | null> => ({
  by: 'choice',
  open: async () => {
    throw error;
  },
});

describe('the fastest way to run a part', () => {
  it('is the first one that works, and no reason is given', async () => {
    expect(await openFastest('decoder', [knows, knowsNot], published)).toEqual({
      opened: 'loop',
      run: { part: 'decoder', by: 'loop', reason: null },
    });
  });

  it('is that of the published graph where all others fail, and says why', async () => {
    const ways = [knowsNot, failing(new AppError('RECOGNISE_FAILED', 'two nodes of one name'))];
    const { opened, run } = await openFastest('encoder', ways, published);
    expect(opened).toBe('published');
    expect(run.by).toBe('graph');
    expect(run.reason).toBe(
      'kernels: this export is of another form; choice: two nodes of one name',
    );
  });

  it('falls back after any error of our own rewriting', async () => {
    const { run } = await openFastest('decoder', [failing(new RangeError('too short'))], published);
    expect(run).toMatchObject({ by: 'graph', reason: 'choice: RangeError: too short' });
  });

  it('rethrows fatal errors: nothing more can be opened after them', async () => {
    const fatal = new AppError('OUT_OF_MEMORY', 'trap', { fatal: true });
    await expect(openFastest('decoder', [failing(fatal)], published)).rejects.toBe(fatal);
  });
});
