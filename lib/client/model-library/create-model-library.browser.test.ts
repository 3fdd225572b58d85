import { describe, expect, it, vi } from 'vitest';
import type { PublishedModel, PublishedVariant } from '@/lib/catalogue/catalogue';
import { openInstalled } from './downloads/install-manifest';
import { storedFile } from './downloads/model-storage';
import { sameBytes, sha256Of, someBytes } from './hub/test-hub';
import {
  ALL_BYTES,
  comes,
  DECODER,
  decoder,
  ENCODER,
  encoder,
  GPU_DECODER,
  gpuDecoder,
  model,
  putModelBeforeEach,
  reaches,
  repository,
  sentOf,
  stateOf,
  tab,
  text,
  variant,
} from './test-model-library';

putModelBeforeEach();

describe('createModelLibrary', () => {
  it('downloads a model, which can then be read by role', async () => {
    const library = tab();
    await expect.poll(() => library.state.getState().models).not.toBeNull();
    expect(stateOf(library)).toEqual({ state: 'absent' });
    await library.download(model.id, 'wasm');
    await reaches(library, 'installed');
    expect(stateOf(library)).toEqual({ state: 'installed', backends: ['wasm'], bytes: ALL_BYTES });
    const files = await openInstalled(model.id, 'wasm');
    expect(files.nameOf('encoder')).toBe('encoder_model.onnx');
    expect(files.has('generation')).toBe(false);
    expect(sameBytes(await files.read('encoder'), encoder)).toBe(true);
    expect(sameBytes(await files.read('decoder'), decoder)).toBe(true);
    await expect(openInstalled(model.id, 'webgpu')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('fetches files that two backends share once', async () => {
    const library = tab();
    await library.download(model.id, 'wasm');
    await reaches(library, 'installed');
    await library.download(model.id, 'webgpu');
    await expect
      .poll(() => stateOf(library))
      .toMatchObject({ state: 'installed', backends: ['wasm', 'webgpu'] });
    expect(await sentOf(ENCODER)).toBe(encoder.length);
    expect(await sentOf(GPU_DECODER)).toBe(gpuDecoder.length);
  });

  describe('of a model that is built in', () => {
    /** The same files, at the app's own address, with their hashes in the catalogue. */
    const builtIn = async (seed = 4): Promise<PublishedModel> => {
      const bytes = [
        ['encoder', ENCODER, someBytes(300_000, seed)],
        ['decoder', DECODER, decoder],
        ['tokenizer', 'tokenizer.json', text('1')],
        ['config', 'config.json', text('2')],
      ] as const;
      const files: PublishedVariant['files'] = {};
      for (const [role, path, data] of bytes) {
        await repository.put(`${model.id}/${path}`, data);
        files[role] = { path, bytes: data.length, sha256: await sha256Of(data) };
      }
      const backends = { wasm: { ...variant(DECODER), files }, webgpu: null };
      return { ...model, repository: '', backends };
    };
    const ownTab = (own: PublishedModel) =>
      tab({
        catalogue: async () => [own],
        hub: () => Promise.reject(new Error('No hub is asked.')),
      });
    const encoderFile = () => `${model.id}/${ENCODER}`;

    it('fetches the files from the app itself, and resumes after a cut', async () => {
      const own = await builtIn();
      await repository.fault(encoderFile(), { cutAfter: 100_000, times: 1 });
      const library = ownTab(own);
      await library.download(model.id, 'wasm');
      await reaches(library, 'installed');
      const ranges = (await repository.requests(encoderFile())).map(({ range }) => range);
      expect(ranges).toEqual([null, expect.stringMatching(/^bytes=[1-9]\d+-$/)]);
    });

    it('keeps nothing of a file that was altered on the way', async () => {
      const own = await builtIn();
      await repository.put(encoderFile(), someBytes(300_000, 5));
      const library = ownTab(own);
      await library.download(model.id, 'wasm');
      await reaches(library, 'failed');
      expect(stateOf(library)).toMatchObject({ error: { code: 'MODEL_HASH_MISMATCH' } });
      await expect(openInstalled(model.id, 'wasm')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });

    it('gives no file that was altered on the disk', async () => {
      const library = ownTab(await builtIn());
      await library.download(model.id, 'wasm');
      await reaches(library, 'installed');
      const root = await navigator.storage.getDirectory();
      const folder = await (await root.getDirectoryHandle('models')).getDirectoryHandle(model.id);
      const handle = await folder.getFileHandle('onnx+encoder_model.onnx');
      const out = await handle.createWritable({ keepExistingData: true });
      await out.write({ type: 'write', position: 1000, data: new Uint8Array([1, 2, 3]) });
      await out.close();
      const files = await openInstalled(model.id, 'wasm');
      await expect(files.read('encoder')).rejects.toMatchObject({ code: 'MODEL_HASH_MISMATCH' });
      expect(sameBytes(await files.read('decoder'), decoder)).toBe(true);
    });

    it('removes old files for those of a newer build', async () => {
      const before = ownTab(await builtIn());
      await before.download(model.id, 'wasm');
      await reaches(before, 'installed');
      before.close();
      const after = ownTab(await builtIn(6));
      await reaches(after, 'absent');
      expect(await storedFile(model.id, 'onnx+encoder_model.onnx')).toBeNull();
      await after.download(model.id, 'wasm');
      await reaches(after, 'installed');
    });
  });

  it('stays with the commit that the branch meant when the download began', async () => {
    const library = tab();
    await library.download(model.id, 'wasm');
    await reaches(library, 'installed');
    const [listed] = library.state.getState().models ?? [];
    expect(listed?.model.revision).toMatch(/^[0-9a-f]{40}$/);
    expect(listed?.model.name).toBe(model.name);
  });

  it('pauses, keeps what came, and resumes from there', async () => {
    await repository.fault(ENCODER, { bytesPerSecond: 300_000 });
    const library = tab();
    await library.download(model.id, 'wasm');
    await comes(library, 60_000);
    await library.pause(model.id);
    const paused = stateOf(library);
    expect(paused).toMatchObject({ state: 'paused', backend: 'wasm', totalBytes: ALL_BYTES });
    const kept = (await storedFile(model.id, 'onnx+encoder_model.onnx'))?.size ?? 0;
    expect(kept).toBeGreaterThan(60_000);
    expect(paused?.state === 'paused' && paused.doneBytes).toBe(kept);
    await repository.fault(ENCODER, null);
    await library.download(model.id, 'wasm');
    await reaches(library, 'installed');
    const last = (await repository.requests(ENCODER)).at(-1);
    expect(last).toMatchObject({ range: `bytes=${kept}-`, sentBytes: encoder.length - kept });
  });

  it('estimates how long it will take', async () => {
    await repository.fault(ENCODER, { bytesPerSecond: 60_000 });
    const library = tab();
    await library.download(model.id, 'wasm');
    const secondsLeft = () => {
      const now = stateOf(library);
      return now?.state === 'downloading' ? now.secondsLeft : null;
    };
    await expect.poll(secondsLeft, { timeout: 5_000 }).not.toBeNull();
    expect(secondsLeft()).toBeGreaterThan(1);
    expect(secondsLeft()).toBeLessThan(15);
    await library.remove(model.id);
  });

  it('shares one download between two tabs that begin it at once', async () => {
    await repository.fault(ENCODER, { bytesPerSecond: 600_000 });
    const [one, two] = [tab(), tab()];
    await Promise.all([one.download(model.id, 'wasm'), two.download(model.id, 'wasm')]);
    await Promise.all([comes(one, 30_000), comes(two, 30_000)]);
    await Promise.all([reaches(one, 'installed'), reaches(two, 'installed')]);
    expect(await sentOf(ENCODER)).toBe(encoder.length);
    expect(await sentOf(DECODER)).toBe(decoder.length);
  });

  it('pauses a download of another tab', async () => {
    await repository.fault(ENCODER, { bytesPerSecond: 100_000 });
    const [one, two] = [tab(), tab()];
    await one.download(model.id, 'wasm');
    await comes(two, 40_000);
    await two.pause(model.id);
    await Promise.all([reaches(one, 'paused'), reaches(two, 'paused')]);
  });

  it('resumes in another tab when the one that downloads is closed', async () => {
    await repository.fault(ENCODER, { bytesPerSecond: 300_000 });
    const [one, two] = [tab(), tab()];
    await one.download(model.id, 'wasm');
    await comes(two, 80_000);
    one.close();
    await reaches(two, 'installed');
    expect((await repository.requests(ENCODER)).at(-1)?.range).toMatch(/^bytes=[1-9]\d+-$/);
    expect(await sentOf(DECODER)).toBe(decoder.length);
  });

  it('takes a model of the server from there, and asks no hub', async () => {
    const known = async (path: string, bytes: Uint8Array<ArrayBuffer>) => ({
      path,
      bytes: bytes.length,
      sha256: await sha256Of(bytes),
    });
    const wasm = {
      ...variant(DECODER),
      files: { encoder: await known(ENCODER, encoder), decoder: await known(DECODER, decoder) },
    };
    const onServer = { ...model, revision: 'a'.repeat(40), backends: { wasm, webgpu: null } };
    const library = tab({
      shelf: async () => ({ models: [onServer], defaultModelId: null }),
      hub: () => Promise.reject(new Error('The hub is out of reach.')),
    });
    await library.download(model.id, 'wasm');
    await reaches(library, 'installed');
    expect(library.state.getState().models).toMatchObject([
      { shelf: 'listed', model: { isOnServer: true } },
    ]);
    expect(await sentOf(ENCODER)).toBe(encoder.length);
  });

  it('resumes by itself after a reload', async () => {
    await repository.fault(ENCODER, { bytesPerSecond: 300_000 });
    const before = tab();
    await before.download(model.id, 'wasm');
    await comes(before, 80_000);
    before.close();
    await repository.fault(ENCODER, null);
    await reaches(tab(), 'installed');
    expect((await repository.requests(ENCODER)).at(-1)?.range).toMatch(/^bytes=[1-9]\d+-$/);
  });

  it('stays paused after a reload', async () => {
    await repository.fault(ENCODER, { bytesPerSecond: 300_000 });
    const before = tab();
    await before.download(model.id, 'wasm');
    await comes(before, 30_000);
    await before.pause(model.id);
    before.close();
    const after = tab();
    await reaches(after, 'paused');
    expect((await repository.requests(ENCODER)).length).toBe(1);
  });

  it('says why a download failed, and starts it again on request', async () => {
    await repository.fault(ENCODER, { wrongBytes: true });
    const library = tab();
    await library.download(model.id, 'wasm');
    await reaches(library, 'failed');
    expect(stateOf(library)).toMatchObject({ error: { code: 'MODEL_HASH_MISMATCH' } });
    expect((await storedFile(model.id, 'onnx+encoder_model.onnx'))?.size).toBe(0);
    await repository.fault(ENCODER, null);
    await library.download(model.id, 'wasm');
    await reaches(library, 'installed');
  });

  it('shows what is there when not even its failure can be stored', async () => {
    await repository.fault(ENCODER, { bytesPerSecond: 300_000 });
    const library = tab();
    await library.download(model.id, 'wasm');
    await comes(library, 60_000);
    const full = new DOMException('The disk is full.', 'QuotaExceededError');
    vi.spyOn(FileSystemFileHandle.prototype, 'createWritable').mockRejectedValue(full);
    await reaches(library, 'failed');
    expect(stateOf(library)).toMatchObject({
      error: { code: 'STORE_QUOTA' },
      doneBytes: encoder.length,
    });
    vi.restoreAllMocks();
    await library.download(model.id, 'wasm');
    await reaches(library, 'installed');
    expect(await sentOf(ENCODER)).toBe(encoder.length);
  });

  it('says that a file is not there before anything is fetched', async () => {
    const backends = { ...model.backends, wasm: variant('onnx/other.onnx') };
    const library = tab({ catalogue: async () => [{ ...model, backends }] });
    await library.download(model.id, 'wasm');
    expect(stateOf(library)).toMatchObject({
      state: 'failed',
      error: { code: 'NOT_FOUND' },
    });
    expect(await repository.requests(ENCODER)).toEqual([]);
  });

  it('refuses a download for which there is not enough space, before anything is fetched', async () => {
    const estimate = { usage: 1_000_000, quota: 1_000_000 + 64 * 1024 * 1024 + 1_000 };
    vi.spyOn(navigator.storage, 'estimate').mockResolvedValue(estimate);
    const library = tab();
    await expect(library.download(model.id, 'wasm')).rejects.toMatchObject({
      code: 'STORE_QUOTA',
      details: { neededBytes: ALL_BYTES, freeBytes: 64 * 1024 * 1024 + 1_000 },
    });
    expect(stateOf(library)).toEqual({ state: 'absent' });
    expect(await repository.requests(ENCODER)).toEqual([]);
  });
});
