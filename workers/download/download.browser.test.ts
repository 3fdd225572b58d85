import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cdp } from 'vitest/browser';
import { removeModelFolder, storedFile } from '@/lib/client/model-library/downloads/model-storage';
import type { FileTransfers } from '@/lib/client/model-library/downloads/run-download';
import type { WantedFile } from '@/lib/client/model-library/downloads/transfer';
import {
  sameBytes,
  sha256Of,
  someBytes,
  TEST_PATIENCE,
  type TestRepository,
  testRepository,
} from '@/lib/client/model-library/hub/test-hub';
import type { Fault } from '@/tools/services/hub-content';
import { createFileTransfers } from './client';

const MODEL = 'download-test';
const PATH = 'onnx/model.onnx';
const NAME = 'onnx+model.onnx';
const data = someBytes(400_000);

let repository: TestRepository;
let transfers: FileTransfers;
let workers: Worker[] = [];
beforeEach(async () => {
  repository = testRepository();
  await repository.put(PATH, data);
  transfers = createFileTransfers(() => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    workers.push(worker);
    return worker;
  });
});
afterEach(async () => {
  transfers.dispose();
  workers = [];
  await removeModelFolder(MODEL);
});

interface Change {
  fault?: Fault;
  wanted?: Partial<WantedFile>;
  fresh?: boolean;
  signal?: AbortSignal;
  onProgress?: (doneBytes: number, receivedBytes: number) => void;
}

async function fetchIt(change: Change = {}) {
  const { fault, wanted, fresh = false, signal = new AbortController().signal } = change;
  if (fault) await repository.fault(PATH, fault);
  const sha256 = await sha256Of(data);
  const file = { url: repository.url(PATH), bytes: data.length, sha256, gitSha1: null, ...wanted };
  return transfers.fetchFile(
    { ...file, fresh, patience: TEST_PATIENCE },
    { modelId: MODEL, name: NAME, signal, onProgress: change.onProgress ?? (() => undefined) },
  );
}

async function stored(): Promise<Uint8Array> {
  const file = await storedFile(MODEL, NAME);
  return new Uint8Array((await file?.arrayBuffer()) ?? new ArrayBuffer(0));
}

const ranges = async () => (await repository.requests(PATH)).map(({ range }) => range);

describe('the download worker', () => {
  it('writes a file from another origin, of which no header but the bytes is needed', async () => {
    const result = await fetchIt();
    expect(result).toEqual({ bytes: data.length, sha256: await sha256Of(data) });
    expect(sameBytes(await stored(), data)).toBe(true);
    const [request] = await repository.requests(PATH);
    expect(request).toMatchObject({ at: 'cdn', status: 200 });
  });

  it('resumes after a break by a range that needs no preflight', async () => {
    await fetchIt({ fault: { cutAfter: 160_000, times: 1 } });
    expect(sameBytes(await stored(), data)).toBe(true);
    const [, second, ...others] = await repository.requests(PATH);
    expect(second).toMatchObject({ method: 'GET', status: 206 });
    const from = Number(/^bytes=(\d+)-$/.exec(second?.range ?? '')?.[1]);
    expect(from).toBeGreaterThan(0);
    expect(second?.sentBytes).toBe(data.length - from);
    expect(others).toEqual([]);
  });

  it('keeps what came when its worker is killed, and fetches only the rest', async () => {
    await repository.fault(PATH, { bytesPerSecond: 400_000 });
    const done = new Promise<void>((resolve) => {
      const fetched = fetchIt({ onProgress: (bytes) => bytes > 100_000 && resolve() });
      fetched.catch(() => undefined); // killed below
    });
    await done;
    workers[0]?.terminate();
    workers[0]?.dispatchEvent(new ErrorEvent('error', { message: 'killed' }));
    await repository.fault(PATH, null);
    await expect.poll(async () => (await fetchIt().catch(() => null))?.bytes).toBe(data.length);
    expect(sameBytes(await stored(), data)).toBe(true);
    const from = Number(/^bytes=(\d+)-$/.exec((await ranges()).at(-1) ?? '')?.[1]);
    expect(from).toBeGreaterThan(100_000);
  });

  it('stops within a moment when it is cancelled, and resumes later', async () => {
    const abort = new AbortController();
    const fetched = fetchIt({
      fault: { bytesPerSecond: 300_000 },
      signal: abort.signal,
      onProgress: (bytes) => bytes > 60_000 && abort.abort(),
    });
    await expect(fetched).rejects.toMatchObject({ code: 'ABORTED' });
    const kept = (await stored()).length;
    expect(kept).toBeGreaterThan(60_000);
    await repository.fault(PATH, null);
    await fetchIt();
    expect((await ranges()).at(-1)).toBe(`bytes=${kept}-`);
    expect(sameBytes(await stored(), data)).toBe(true);
  });

  it('refuses wrong bytes, and frees them', async () => {
    await expect(fetchIt({ fault: { wrongBytes: true } })).rejects.toMatchObject({
      code: 'MODEL_HASH_MISMATCH',
    });
    expect((await stored()).length).toBe(0);
  });

  it('says that a file is not there', async () => {
    await expect(fetchIt({ fault: { status: 404 } })).rejects.toMatchObject({
      code: 'MODEL_DOWNLOAD_FAILED',
      details: { status: 404 },
    });
  });

  it('takes a 416 for the end when the lengths agree', async () => {
    await fetchIt();
    const result = await fetchIt({ wanted: { bytes: null } });
    expect(result.bytes).toBe(data.length);
    expect((await repository.requests(PATH)).at(-1)).toMatchObject({ status: 416, sentBytes: 0 });
  });

  it('gives up a stream that stalls, and resumes with another', async () => {
    await fetchIt({ fault: { hangAfter: 80_000, times: 1 } });
    expect(sameBytes(await stored(), data)).toBe(true);
    expect(await ranges()).toHaveLength(2);
  });

  it('throws away what is there when it is known to be another file', async () => {
    await fetchIt();
    await fetchIt({ fresh: true });
    expect(await ranges()).toEqual([null, null]);
  });

  it('names a full disk, keeps what it took, and resumes once there is room', async () => {
    const usage = (await navigator.storage.estimate()).usage ?? 0;
    const quota = (quotaSize?: number) =>
      cdp().send('Storage.overrideQuotaForOrigin', {
        origin: location.origin,
        ...(quotaSize === undefined ? {} : { quotaSize }),
      });
    await quota(usage + 150_000);
    try {
      await expect(fetchIt()).rejects.toMatchObject({ code: 'STORE_QUOTA' });
    } finally {
      await quota();
    }
    const kept = await stored();
    expect(sameBytes(kept, data.slice(0, kept.length))).toBe(true);
    await fetchIt();
    expect(sameBytes(await stored(), data)).toBe(true);
  });

  it('copies a file of the disk, with its hash', async () => {
    const result = await transfers.copyFile(new File([data], 'model.onnx'), {
      modelId: MODEL,
      name: NAME,
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    expect(result).toEqual({ bytes: data.length, sha256: await sha256Of(data) });
    expect(sameBytes(await stored(), data)).toBe(true);
  });
});
