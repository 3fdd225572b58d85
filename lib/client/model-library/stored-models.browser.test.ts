import { describe, expect, it, vi } from 'vitest';
import { openInstalled } from './downloads/install-manifest';
import {
  readInstallManifestText,
  storedModels,
  writeInstallManifestText,
} from './downloads/model-storage';
import { sha256Of, testRepository } from './hub/test-hub';
import {
  comes,
  DECODER,
  decoder,
  ENCODER,
  encoder,
  model,
  putModelBeforeEach,
  reaches,
  repository,
  sentOf,
  stateOf,
  tab,
  text,
} from './test-model-library';

putModelBeforeEach();

describe('the models of a library', () => {
  it('frees the bytes of a model, and of half a download', async () => {
    const library = tab();
    const other = tab();
    await library.download(model.id, 'wasm');
    await reaches(other, 'installed');
    await other.remove(model.id);
    expect(await storedModels()).toEqual([]);
    await reaches(library, 'absent');
    await expect(openInstalled(model.id, 'wasm')).rejects.toMatchObject({ code: 'NOT_FOUND' });

    await repository.fault(ENCODER, { bytesPerSecond: 200_000 });
    await library.download(model.id, 'wasm');
    await comes(other, 30_000);
    await other.remove(model.id);
    expect(await storedModels()).toEqual([]);
    await reaches(library, 'absent');
  });

  it('takes a damaged manifest for none, and uses the bytes that are there', async () => {
    const before = tab();
    await before.download(model.id, 'wasm');
    await reaches(before, 'installed');
    before.close();
    await writeInstallManifestText(model.id, '{"version":1,"model":{"id"');
    const library = tab();
    await reaches(library, 'absent');
    await library.download(model.id, 'wasm');
    await reaches(library, 'installed');
    expect(await sentOf(ENCODER)).toBe(encoder.length);
  });

  it('reads a manifest while other tabs write it', async () => {
    const id = 'busy';
    const written = Array.from({ length: 60 }, (_, i) => `${i}`.repeat(500));
    const writing = (async () => {
      for (const one of written) await writeInstallManifestText(id, one);
    })();
    let isOver = false;
    void writing.then(() => {
      isOver = true;
    });
    while (!isOver) {
      const read = await readInstallManifestText(id);
      expect([null, ...written]).toContain(read === '' ? null : read);
    }
    await writing;
    expect(await readInstallManifestText(id)).toBe(written.at(-1));
  });

  it('removes a folder that it does not recognise', async () => {
    await writeInstallManifestText('unknown', 'no marker');
    const library = tab();
    await expect.poll(() => library.state.getState().models).not.toBeNull();
    await expect.poll(storedModels).toEqual([]);
  });

  it('says why nothing can be kept where the browser has no private files', async () => {
    const { storage } = navigator;
    vi.spyOn(navigator, 'storage', 'get').mockReturnValue({
      estimate: () => storage.estimate(),
    } as StorageManager); // what browsers give on plain http
    const library = tab();
    await reaches(library, 'absent');
    await expect(library.download(model.id, 'wasm')).rejects.toMatchObject({
      code: 'STORE_FAILED',
      details: { reason: 'no-opfs' },
    });
    vi.restoreAllMocks();
  });

  it('adds a repository of the hub by its address, in every tab, and forgets it when deleted', async () => {
    await repository.put('config.json', text('{"model_type":"moonshine"}'));
    const [library, other] = [
      tab({ catalogue: async () => [] }),
      tab({ catalogue: async () => [] }),
    ];
    const added = await library.addRepository(`https://hub.example/${repository.name}/tree/main`);
    expect(added).toMatchObject({
      family: 'moonshine',
      repository: repository.name,
      licence: 'mit',
    });
    expect(added.backends.webgpu?.precision).toBe('fp32 encoder, q4 decoder');
    expect(added.backends.wasm?.precision).toBe('fp32 encoder, q8 decoder');
    await reaches(other, 'absent', added.id);
    await other.download(added.id, 'wasm');
    await reaches(library, 'installed', added.id);
    expect(await library.addRepository(repository.name)).toMatchObject({ id: added.id });
    await library.remove(added.id);
    await expect
      .poll(() => [library.state.getState().models, other.state.getState().models])
      .toEqual([[], []]);
  });

  it('says that a repository is not there, or of no family', async () => {
    const library = tab();
    await expect(library.addRepository('nobody/nothing')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(library.addRepository('nothing')).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    const bert = testRepository();
    await bert.put('config.json', text('{"model_type":"bert"}'));
    await bert.put('onnx/model.onnx', encoder);
    await bert.put('vocab.txt', text('a'));
    await expect(library.addRepository(bert.name)).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
    });
  });

  it('adds a folder of files, which are copied and used at once', async () => {
    const inFolder = (path: string, bytes: Uint8Array<ArrayBuffer>) =>
      Object.defineProperty(new File([bytes], path.split('/').at(-1) ?? ''), 'webkitRelativePath', {
        value: `my-moonshine/${path}`,
      });
    const library = tab();
    const added = await library.addFolder([
      inFolder('config.json', text('{"model_type":"moonshine"}')),
      inFolder('tokenizer.json', text('{}')),
      inFolder(ENCODER, encoder),
      inFolder(DECODER, decoder),
      inFolder('README.md', text('not needed')),
    ]);
    expect(added).toMatchObject({ id: 'my-moonshine', repository: '' });
    expect(stateOf(library, added.id)).toMatchObject({ state: 'installed', backends: ['wasm'] });
    const files = await openInstalled(added.id, 'wasm');
    expect(await sha256Of(await files.read('decoder'))).toBe(await sha256Of(decoder));
    await reaches(tab(), 'installed', added.id);
  });

  it('leaves nothing of a folder that does not fit', async () => {
    vi.spyOn(navigator.storage, 'estimate').mockResolvedValue({ usage: 0, quota: 1_000 });
    const library = tab();
    const files = [new File([encoder], 'model.onnx'), new File([text('a 0\n')], 'vocab.txt')];
    await expect(library.addFolder(files)).rejects.toMatchObject({ code: 'STORE_QUOTA' });
    expect(await storedModels()).toEqual([]);
  });
});
