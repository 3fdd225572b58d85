import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { addContributions, listContributions } from '@/lib/client/store';
import { closeDatabase } from '@/lib/client/store/db';
import { AppError, type ErrorCode } from '@/lib/core';
import { datasetServer, givingStore, startGiving } from './start-giving';
import { contribution } from './test-contribution';

const withdraw = vi.fn<(id: string, signal: AbortSignal) => Promise<void>>();
const server = { ...datasetServer, withdraw };

const page = new EventTarget();
const shown = Object.assign(new EventTarget(), { visibilityState: 'visible' });

beforeEach(() => {
  vi.stubGlobal('window', page);
  vi.stubGlobal('document', shown);
  // a browser without locks
  vi.stubGlobal('navigator', {});
  // no wait before the next try
  vi.spyOn(Math, 'random').mockReturnValue(0);
  vi.spyOn(console, 'warn').mockReturnValue();
  withdraw.mockReset().mockResolvedValue();
});

afterEach(async () => {
  await closeDatabase();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  await new Promise<void>((resolve) => {
    indexedDB.deleteDatabase('ai2text').onsuccess = () => resolve();
  });
});

/** Something that waits to be sent and needs no recording. */
async function addWithdrawal(): Promise<string> {
  const record = contribution(0, { state: 'withdrawing' });
  await addContributions([record]);
  return record.id;
}

function start() {
  const cutter = { open: vi.fn(), dispose: vi.fn() };
  const onSignedOut = vi.fn();
  const stop = startGiving({ createCutter: () => cutter, onSignedOut, server });
  onTestFinished(stop);
  return { stop, cutter, onSignedOut };
}

const failure = (code: ErrorCode) => new AppError(code, 'no');
const isSent = () =>
  vi.waitFor(async () => {
    const states = (await listContributions()).map(({ state }) => state);
    expect(new Set(states)).toEqual(new Set(['withdrawn']));
  });

describe('giving', () => {
  it('sends what was left by the page before, and frees what it used', async () => {
    const id = await addWithdrawal();
    const { cutter } = start();
    await isSent();
    expect(withdraw).toHaveBeenCalledExactlyOnceWith(id, expect.any(AbortSignal));
    await vi.waitFor(() => expect(cutter.dispose).toHaveBeenCalledOnce());
    expect(givingStore.getState()).toEqual({ sending: null, problem: null });
  });

  it('sends what is stored while the page is open', async () => {
    start();
    await addWithdrawal();
    await isSent();
    await addWithdrawal();
    await isSent();
    expect(withdraw).toHaveBeenCalledTimes(2);
  });

  it('tries again by itself after a failure that may pass', async () => {
    withdraw.mockRejectedValueOnce(failure('SERVER_BUSY'));
    await addWithdrawal();
    start();
    await isSent();
    expect(withdraw).toHaveBeenCalledTimes(2);
  });

  it.each([
    ['the network is back', () => page.dispatchEvent(new Event('online'))],
    ['the page is shown again', () => shown.dispatchEvent(new Event('visibilitychange'))],
  ])('reports a failure that stays, and tries again when %s', async (_what, happen) => {
    withdraw.mockRejectedValueOnce(failure('FORBIDDEN'));
    await addWithdrawal();
    start();
    await vi.waitFor(() => expect(givingStore.getState().problem).toBe('FORBIDDEN'));
    expect(withdraw).toHaveBeenCalledOnce();
    happen();
    await isSent();
    await vi.waitFor(() => expect(givingStore.getState().problem).toBeNull());
  });

  it('notices that the session has ended', async () => {
    withdraw.mockRejectedValueOnce(failure('UNAUTHENTICATED'));
    await addWithdrawal();
    const { onSignedOut } = start();
    await vi.waitFor(() => expect(onSignedOut).toHaveBeenCalledOnce());
  });

  it('sends nothing once it is stopped, and stops what it was sending', async () => {
    withdraw.mockImplementationOnce(
      (_id, signal) =>
        new Promise((_resolve, reject) =>
          signal.addEventListener('abort', () => reject(failure('ABORTED'))),
        ),
    );
    await addWithdrawal();
    const { stop, cutter } = start();
    await vi.waitFor(() => expect(withdraw).toHaveBeenCalledOnce());
    const signal = withdraw.mock.calls[0]?.[1];
    stop();
    expect(signal?.aborted).toBe(true);
    await vi.waitFor(() => expect(cutter.dispose).toHaveBeenCalledOnce());
    page.dispatchEvent(new Event('online'));
    expect(withdraw).toHaveBeenCalledOnce();
    expect(givingStore.getState()).toEqual({ sending: null, problem: null });
    expect((await listContributions()).map(({ state }) => state)).toEqual(['withdrawing']);
  });
});
