import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '@/tools/services/hub-content';
import { DEFAULT_PATIENCE } from '../hub/hub-fetch';
import { someBytes, TEST_PATIENCE, type TestRepository, testRepository } from '../hub/test-hub';
import { type FileSink, transferFile, type WantedFile } from './transfer';

const PATH = 'onnx/model.onnx';
const data = someBytes(300_000);
const sha256 = createHash('sha256').update(data).digest('hex');

/** A file in memory, in the shape of the browser's. */
class MemoryFile implements FileSink {
  bytes = new Uint8Array(0);
  flushes = 0;
  /** Bytes that the disk still takes. */
  room = Number.POSITIVE_INFINITY;

  getSize() {
    return this.bytes.length;
  }
  read(into: Uint8Array, { at }: { at: number }) {
    const part = this.bytes.subarray(at, at + into.length);
    into.set(part);
    return part.length;
  }
  write(bytes: Uint8Array, { at }: { at: number }) {
    const taken = bytes.subarray(0, Math.max(0, this.room - at));
    const grown = new Uint8Array(Math.max(this.bytes.length, at + taken.length));
    grown.set(this.bytes);
    grown.set(taken, at);
    this.bytes = grown;
    return taken.length;
  }
  truncate(size: number) {
    this.bytes = this.bytes.slice(0, size);
  }
  flush() {
    this.flushes++;
  }
}

let repository: TestRepository;
let sink: MemoryFile;
beforeEach(async () => {
  repository = testRepository();
  sink = new MemoryFile();
  await repository.put(PATH, data);
});

interface Change {
  fault?: Fault;
  wanted?: Partial<WantedFile>;
  signal?: AbortSignal;
  onProgress?: (doneBytes: number, receivedBytes: number) => void;
}

async function fetchIt({ fault, wanted, signal, onProgress = () => undefined }: Change = {}) {
  if (fault) await repository.fault(PATH, fault);
  return transferFile(
    { url: repository.url(PATH), bytes: data.length, sha256, gitSha1: null, ...wanted },
    sink,
    { patience: TEST_PATIENCE, signal, onProgress },
  );
}

/** Compared at once: an assertion on each of many numbers takes a second. */
const expectBytes = (wanted: Uint8Array) => expect(Buffer.compare(sink.bytes, wanted)).toBe(0);

const ranges = async () => (await repository.requests(PATH)).map(({ range }) => range);
const sent = async () =>
  (await repository.requests(PATH)).reduce((sum, { sentBytes }) => sum + sentBytes, 0);

describe('transferFile', () => {
  it('follows the redirect and gives the file with its hash', async () => {
    expect(await fetchIt()).toEqual({ bytes: data.length, sha256 });
    expectBytes(data);
    expect(sink.flushes).toBeGreaterThan(0);
    expect(await repository.requests(PATH)).toMatchObject([{ at: 'cdn', status: 200 }]);
  });

  it('asks only for the rest after a connection that broke', async () => {
    await fetchIt({ fault: { cutAfter: 100_000, times: 1 } });
    expectBytes(data);
    const [first, second] = await repository.requests(PATH);
    expect(first?.range).toBeNull();
    const from = Number(/^bytes=(\d+)-$/.exec(second?.range ?? '')?.[1]);
    expect(from).toBeGreaterThan(0);
    expect(from).toBeLessThanOrEqual(100_000);
    expect(second?.sentBytes).toBe(data.length - from);
  });

  it('resumes after what an earlier transfer left, and hashes that too', async () => {
    sink.bytes = data.slice(0, 123_456);
    expect(await fetchIt()).toEqual({ bytes: data.length, sha256 });
    expect(await ranges()).toEqual(['bytes=123456-']);
    expect(await sent()).toBe(data.length - 123_456);
  });

  it('asks for nothing when all is there', async () => {
    sink.bytes = data.slice();
    expect(await fetchIt()).toEqual({ bytes: data.length, sha256 });
    expect(await ranges()).toEqual([]);
  });

  it('gets a file through that breaks off in the middle of every answer', async () => {
    await fetchIt({ fault: { cutAfter: 50_000 } });
    expectBytes(data);
    expect(await sent()).toBeLessThan(data.length + 10 * 50_000);
  });

  it('gives up when answers break off and nothing new comes', async () => {
    await expect(fetchIt({ fault: { cutAfter: 50_000, noRange: true } })).rejects.toMatchObject({
      code: 'MODEL_DOWNLOAD_FAILED',
      details: { isTransient: true },
    });
    expect((await ranges()).length).toBe(TEST_PATIENCE.retries + 1);
  });

  it('starts over when the host has no ranges', async () => {
    sink.bytes = data.slice(0, 1_000);
    await fetchIt({ fault: { noRange: true } });
    expectBytes(data);
    expect(await repository.requests(PATH)).toMatchObject([{ range: 'bytes=1000-', status: 200 }]);
  });

  it('starts over, without a range, when bytes of another place come', async () => {
    sink.bytes = data.slice(0, 1_000);
    await fetchIt({ fault: { wrongContentRange: true } });
    expectBytes(data);
    expect(await ranges()).toEqual(['bytes=1000-', null]);
  });

  it('takes a 416 for the end when the lengths agree', async () => {
    sink.bytes = data.slice();
    const result = await fetchIt({ wanted: { bytes: null } });
    expect(result).toEqual({ bytes: data.length, sha256 });
    expect(await repository.requests(PATH)).toMatchObject([{ status: 416, sentBytes: 0 }]);
  });

  it('starts over after a 416 when the lengths do not agree', async () => {
    sink.bytes = new Uint8Array(data.length + 5);
    await fetchIt({ wanted: { bytes: null } });
    expectBytes(data);
    expect(await ranges()).toEqual([`bytes=${data.length + 5}-`, null]);
  });

  it('starts over after a 416 that a host answers without a reason', async () => {
    sink.bytes = data.slice(0, 1_000);
    await fetchIt({ fault: { status: 416, times: 1 } });
    expectBytes(data);
  });

  it('refuses a file of which one bit is wrong, and keeps nothing of it', async () => {
    await expect(fetchIt({ fault: { wrongBytes: true } })).rejects.toMatchObject({
      code: 'MODEL_HASH_MISMATCH',
    });
    expect(sink.getSize()).toBe(0);
  });

  it('refuses a beginning that does not belong to the file', async () => {
    sink.bytes = someBytes(1_000, 7);
    await expect(fetchIt()).rejects.toMatchObject({ code: 'MODEL_HASH_MISMATCH' });
    expect(sink.getSize()).toBe(0);
  });

  it('refuses a file that is longer than it should be', async () => {
    await expect(fetchIt({ wanted: { bytes: data.length - 1 } })).rejects.toMatchObject({
      code: 'MODEL_HASH_MISMATCH',
    });
  });

  it("checks small files by git's name for their bytes", async () => {
    const text = new TextEncoder().encode('{"model_type":"whisper"}\n');
    const gitSha1 = createHash('sha1').update(`blob ${text.length}\0`).update(text).digest('hex');
    await repository.put('config.json', text);
    const wanted = { url: repository.url('config.json'), bytes: text.length, sha256: null };
    await fetchIt({ wanted: { ...wanted, gitSha1 } });
    expectBytes(text);
    sink.truncate(0);
    const other = gitSha1.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    await expect(fetchIt({ wanted: { ...wanted, gitSha1: other } })).rejects.toMatchObject({
      code: 'MODEL_HASH_MISMATCH',
    });
  });

  it.each([404, 401, 403])('says at once why there is no file: status %i', async (status) => {
    sink.bytes = data.slice(0, 1_000);
    await expect(fetchIt({ fault: { status } })).rejects.toMatchObject({
      code: 'MODEL_DOWNLOAD_FAILED',
      details: { status },
    });
    expect(await ranges()).toHaveLength(1);
    expect(sink.getSize()).toBe(1_000);
  });

  it.each([503, 429])('asks again after status %i, and keeps what there is', async (status) => {
    sink.bytes = data.slice(0, 1_000);
    await fetchIt({ fault: { status, times: 2 } });
    expect(await ranges()).toEqual(['bytes=1000-', 'bytes=1000-', 'bytes=1000-']);
    expectBytes(data);
  });

  it('waits as long as the hub asks, within bounds', async () => {
    await repository.fault(PATH, { status: 429, retryAfterSeconds: 1, times: 1 });
    const wanted = { url: repository.url(PATH), bytes: data.length, sha256, gitSha1: null };
    const startedMs = performance.now();
    const patience = { ...DEFAULT_PATIENCE, backoffMs: 1, maxBackoffMs: 5_000 };
    await transferFile(wanted, sink, { patience, signal: undefined, onProgress: () => undefined });
    expect(performance.now() - startedMs).toBeGreaterThan(950);
  });

  it('abandons a stalled stream and resumes with another', async () => {
    await fetchIt({ fault: { hangAfter: 60_000, times: 1 } });
    expectBytes(data);
    expect((await ranges()).length).toBe(2);
  });

  it('gives up a request that is never answered', async () => {
    const wanted = { url: repository.url(PATH), bytes: data.length, sha256, gitSha1: null };
    await repository.fault(PATH, { hang: true });
    const patience = { ...TEST_PATIENCE, answerMs: 100, retries: 1 };
    const options = { patience, signal: undefined, onProgress: () => undefined };
    await expect(transferFile(wanted, sink, options)).rejects.toMatchObject({
      code: 'MODEL_DOWNLOAD_FAILED',
    });
    expect(await ranges()).toHaveLength(2);
  });

  it('keeps what came when it is cancelled', async () => {
    const abort = new AbortController();
    const fetched = fetchIt({
      fault: { bytesPerSecond: 400_000 },
      signal: abort.signal,
      onProgress: (doneBytes) => {
        if (doneBytes > 50_000) abort.abort();
      },
    });
    await expect(fetched).rejects.toMatchObject({ code: 'ABORTED' });
    const kept = sink.getSize();
    expect(kept).toBeGreaterThan(50_000);
    expect(kept).toBeLessThan(data.length);
    expectBytes(data.slice(0, kept));
    await fetchIt();
    expect((await ranges()).at(-1)).toBe(`bytes=${kept}-`);
  });

  it('keeps what the disk took when it is full', async () => {
    sink.room = 100_000;
    await expect(fetchIt()).rejects.toMatchObject({ code: 'STORE_QUOTA' });
    const kept = sink.getSize();
    expectBytes(data.slice(0, kept));
    sink.room = Number.POSITIVE_INFINITY;
    await fetchIt();
    expect((await ranges()).at(-1)).toBe(`bytes=${kept}-`);
    expect(kept).toBeGreaterThan(0);
  });

  it('distinguishes stored bytes from received bytes', async () => {
    sink.bytes = data.slice(0, 100_000);
    const reported: [number, number][] = [];
    await fetchIt({ onProgress: (...now) => reported.push(now) });
    expect(reported[0]).toEqual([100_000, 0]);
    expect(reported.at(-1)).toEqual([data.length, data.length - 100_000]);
  });
});
