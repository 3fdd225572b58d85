import { describe, expect, it } from 'vitest';
import { type DeviceFacts, type LargeModel, modelInUse } from './model-in-use';

const DRAFT = 'ai2text-en';
const BASE = 'ai2text-base';
const able: DeviceFacts = {
  memoryGb: 8,
  cores: 4,
  savesData: false,
  canKeep: true,
  freeBytes: 10e9,
};
const absent: LargeModel = { id: BASE, state: { state: 'absent' }, bytes: 78e6, failure: null };
const installed: LargeModel = {
  ...absent,
  state: { state: 'installed', backends: ['wasm'], bytes: 78e6 },
};

describe('the model in use', () => {
  it('is the large one where the device can run it and it is here', () => {
    expect(modelInUse(null, able, installed)).toEqual({
      chosen: BASE,
      now: BASE,
      large: BASE,
      standIn: null,
      tooSmall: null,
      isChosenByUser: false,
    });
  });

  it('is Draft for the time being while the large one is not here', () => {
    expect(modelInUse(null, able, absent)).toMatchObject({
      chosen: BASE,
      now: DRAFT,
      standIn: { kind: 'coming', transfer: null },
    });
    const progress = { backend: 'wasm', doneBytes: 1, totalBytes: 2 } as const;
    const states = [
      { state: 'downloading', secondsLeft: 3, ...progress },
      { state: 'paused', ...progress },
      { state: 'failed', error: { code: 'OFFLINE', message: '' }, ...progress },
    ] as const;
    for (const state of states)
      expect(modelInUse(null, able, { ...absent, state }).standIn).toEqual({
        kind: 'coming',
        transfer: state,
      });
  });

  it.each([
    ['memory', { memoryGb: 2 }],
    ['cores', { cores: 1 }],
    ['saves-data', { savesData: true }],
    ['no-storage', { canKeep: false }],
    ['no-room', { freeBytes: 200e6 }],
  ] as const)('is Draft where the device is too small: %s', (tooSmall, change) => {
    expect(modelInUse(null, { ...able, ...change }, absent)).toEqual({
      chosen: DRAFT,
      now: DRAFT,
      large: BASE,
      standIn: null,
      tooSmall,
      isChosenByUser: false,
    });
  });

  it('is the large one where a browser does not report what it has', () => {
    const silent = { ...able, memoryGb: null, freeBytes: null };
    expect(modelInUse(null, silent, absent).chosen).toBe(BASE);
  });

  it('needs neither room nor a line for what is here already', () => {
    const facts = { ...able, savesData: true, freeBytes: 0 };
    expect(modelInUse(null, facts, installed).now).toBe(BASE);
    const half: LargeModel = {
      ...absent,
      state: { state: 'paused', backend: 'wasm', doneBytes: 70e6, totalBytes: 78e6 },
    };
    expect(modelInUse(null, { ...able, freeBytes: 300e6 }, half).tooSmall).toBeNull();
  });

  it('is what the user has chosen, whatever the device', () => {
    const small = { ...able, memoryGb: 1, savesData: true };
    expect(modelInUse(BASE, small, installed)).toMatchObject({ now: BASE, isChosenByUser: true });
    expect(modelInUse(DRAFT, able, installed)).toMatchObject({ chosen: DRAFT, tooSmall: null });
    expect(modelInUse('whisper-tiny', able, absent)).toMatchObject({
      chosen: 'whisper-tiny',
      now: 'whisper-tiny',
      standIn: null,
    });
  });

  it('is Draft when the large one does not open', () => {
    expect(modelInUse(null, able, { ...installed, failure: 'OUT_OF_MEMORY' })).toMatchObject({
      chosen: BASE,
      now: DRAFT,
      standIn: { kind: 'trouble', code: 'OUT_OF_MEMORY' },
    });
  });

  it('is Draft in a build that comes without the large one', () => {
    expect(modelInUse(null, able, null)).toMatchObject({
      chosen: DRAFT,
      now: DRAFT,
      tooSmall: null,
    });
  });
});
