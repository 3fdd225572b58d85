import { describe, expect, it } from 'vitest';
import type { SecondPass } from '@/lib/client/store/schema';
import type { ErrorCode } from '@/lib/core/errors';
import {
  canTryAgain,
  firstWordsText,
  liveModelText,
  modelInUseText,
  secondPassText,
} from './model-choice-text';

const names = { base: 'AI2Text Base', draft: 'Draft', chosen: 'AI2Text Base' };
const progress = { backend: 'wasm', doneBytes: 12_300_000, totalBytes: 77_700_000 } as const;
const chosen = { standIn: null, tooSmall: null };

describe('the model in use, in words', () => {
  it('is named, with the reason where the device had a say', () => {
    expect(modelInUseText(chosen, names, null)).toBe('AI2Text Base writes the text.');
    expect(
      modelInUseText({ standIn: null, tooSmall: 'memory' }, { ...names, chosen: 'Draft' }, null),
    ).toBe('Draft writes the text: this device has little memory for AI2Text Base.');
  });

  it('says how far the large one has been downloaded', () => {
    const coming = (transfer: Parameters<typeof modelInUseText>[2]) =>
      modelInUseText({ standIn: { kind: 'coming', transfer }, tooSmall: null }, names, transfer);
    expect(coming({ state: 'downloading', secondsLeft: 28, ...progress })).toBe(
      'AI2Text Base is being downloaded: 12.3 MB of 77.7 MB, about 30 s left. Until it is here, Draft writes the text.',
    );
    expect(coming({ state: 'paused', ...progress })).toBe(
      'AI2Text Base is paused at 12.3 MB of 77.7 MB. Draft writes the text in the meantime.',
    );
    const failed = (code: ErrorCode) =>
      coming({ state: 'failed', error: { code, message: '' }, ...progress });
    expect(failed('OFFLINE')).toBe(
      'AI2Text Base could not be downloaded, so Draft writes the text. There is no connection. Try again once it is back: what was downloaded is kept.',
    );
    // it comes from the app's own server, not from another site
    expect(failed('MODEL_DOWNLOAD_FAILED')).toBe(
      'AI2Text Base could not be downloaded, so Draft writes the text. The connection broke, or the server did not answer. Try again: what was downloaded is kept.',
    );
  });

  it('is named where another one wrote the first words', () => {
    expect(firstWordsText({ first: 'Draft', second: 'AI2Text Base' })).toBe(
      'These first words are by Draft. AI2Text Base is being loaded and will replace them.',
    );
  });

  it('says what to do when the large one does not open', () => {
    const inUse = { standIn: { kind: 'trouble', code: 'OUT_OF_MEMORY' }, tooSmall: null } as const;
    expect(modelInUseText(inUse, names, null)).toBe(
      'There was not enough memory for AI2Text Base. Draft writes the text. Close other tabs and programs, then try again.',
    );
    expect(canTryAgain(inUse)).toBe(true);
    expect(canTryAgain(chosen)).toBe(false);
  });
});

describe('a text of two models, in words', () => {
  const pass: SecondPass = { modelId: 'ai2text-base', untilMs: 0, language: null, stopped: null };
  const text = (change: Partial<SecondPass>, now = '') =>
    secondPassText(
      { ...pass, ...change },
      { first: 'Draft', second: 'AI2Text Base' },
      now,
      (ms) => `${ms / 1000} s`,
    );

  it('says whose words they are, and whose will be', () => {
    expect(text({})).toBe(
      'These are the words of Draft. AI2Text Base will replace them as soon as it is here.',
    );
    expect(text({ untilMs: 5000 }, '0:05 of 1:00')).toBe(
      'AI2Text Base is replacing the words of Draft: 0:05 of 1:00.',
    );
    expect(text({ untilMs: 5000, stopped: { problem: null } })).toBe(
      'The text up to 5 s is by AI2Text Base, the rest by Draft.',
    );
  });

  it('says why the better words do not come, and what to do', () => {
    const problem = { code: 'OUT_OF_MEMORY', message: '', details: {} } as const;
    expect(text({ stopped: { problem } })).toBe(
      'There was not enough memory for AI2Text Base. The words of Draft stay. Close other tabs and programs, then try again.',
    );
    expect(text({ stopped: { problem: { ...problem, code: 'SOURCE_GONE' } } })).toMatch(
      /^AI2Text Base did not finish\. The recording was moved.* The words of Draft stay\. Choose it again/,
    );
  });
});

describe('who writes while one records', () => {
  it('is shown with how far the better model follows', () => {
    expect(liveModelText(null, null)).toBe('');
    expect(liveModelText('Draft', null)).toBe('The live text is written by Draft.');
    expect(liveModelText('Draft', { name: 'AI2Text Base', state: 'following' })).toBe(
      'The live text is written by Draft; the words of AI2Text Base replace its words a few seconds later.',
    );
    expect(liveModelText('Draft', { name: 'AI2Text Base', state: 'behind' })).toMatch(
      /too slow on this device to keep up: its words come when you stop\.$/,
    );
  });
});
