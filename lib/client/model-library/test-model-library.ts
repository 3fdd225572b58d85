// What tests of a model library share: a model on the hub for tests, and tabs that can be closed at once.
import { afterEach, beforeEach, expect, vi } from 'vitest';
import type { PublishedModel } from '@/lib/catalogue/catalogue';
import { createFileTransfers } from '@/workers/download/client';
import { createModelLibrary, type ModelLibraryDependencies } from './create-model-library';
import { removeModelFolder, storedModels } from './downloads/model-storage';
import { someBytes, TEST_PATIENCE, type TestRepository, testRepository } from './hub/test-hub';
import type { ModelLibrary, ModelState } from './model-library';
import { broadcastChannel } from './model-library-state';

export const ENCODER = 'onnx/encoder_model.onnx';
export const DECODER = 'onnx/decoder_model_merged_quantized.onnx';
export const GPU_DECODER = 'onnx/decoder_model_merged_q4.onnx';
export const encoder = someBytes(300_000, 1);
export const decoder = someBytes(50_000, 2);
export const gpuDecoder = someBytes(40_000, 3);
export const text = (value: string) => new TextEncoder().encode(value);
export const ALL_BYTES = encoder.length + decoder.length + 2;

export let repository: TestRepository;
export let model: PublishedModel;
let channels: BroadcastChannel[] = [];
/** Ends what a tab holds, as closing it would. */
let closers: (() => void)[] = [];

export const file = (path: string) => ({ path, bytes: null, sha256: null });
export const variant = (decoderPath: string) => ({
  precision: 'fp32',
  approximateBytes: 400_000,
  needs: [],
  files: {
    encoder: file(ENCODER),
    decoder: file(decoderPath),
    tokenizer: file('tokenizer.json'),
    config: file('config.json'),
  },
});

/** Before each test: a repository on the hub and a model that names it; after it nothing is stored. */
export function putModelBeforeEach(): void {
  beforeEach(async () => {
    repository = testRepository();
    await repository.put(ENCODER, encoder);
    await repository.put(DECODER, decoder);
    await repository.put(GPU_DECODER, gpuDecoder);
    await repository.put('tokenizer.json', text('1'));
    await repository.put('config.json', text('2'));
    model = {
      id: repository.name.slice('test/'.length).toLowerCase(),
      name: 'Test',
      description: 'A test.',
      languages: ['en'],
      licence: 'mit',
      credits: [],
      family: 'moonshine',
      repository: repository.name,
      revision: 'main',
      scores: [],
      backends: { wasm: variant(DECODER), webgpu: variant(GPU_DECODER) },
    };
  });

  afterEach(async () => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
    for (const close of closers) close();
    for (const channel of channels) channel.close();
    closers = [];
    channels = [];
    for (const id of await storedModels()) await removeModelFolder(id);
  });
}

/** A library with locks that can be lost at once, as with a tab that is closed. */
export function tab(
  change: Partial<ModelLibraryDependencies> = {},
): ModelLibrary & { close(): void } {
  const channel = new BroadcastChannel(`models-test-${model.id}`);
  channels.push(channel);
  const transfers: { dispose(): void }[] = [];
  const held: (() => void)[] = [];
  let isClosed = false;
  const locks = {
    request: (name: string, ...rest: unknown[]) => {
      const callback = rest.at(-1) as (lock: Lock | null) => unknown; // the last argument, by the API
      const options = rest.length > 1 ? (rest[0] as LockOptions) : {};
      return navigator.locks.request(name, options, (lock) => {
        if (isClosed) return undefined;
        const closed = new Promise<void>((resolve) => held.push(resolve));
        return Promise.race([callback(lock), closed]);
      });
    },
  } as ModelLibraryDependencies['locks']; // one of two overloads is enough here
  const library = createModelLibrary({
    catalogue: async () => [model],
    hub: async () => repository.hub,
    shelf: async () => ({ models: [], defaultModelId: null }),
    // of the hub's own form: a repository `test/ID` stands for the model ID on the server
    shelfUrl: `${repository.hub}/test`,
    modelsUrl: `${repository.hub}/${repository.name}/resolve/main/`,
    openTransfers: () => {
      const made = createFileTransfers();
      transfers.push(made);
      return made;
    },
    locks,
    channel: broadcastChannel(channel),
    freeBytes: async () => {
      const { quota = 0, usage = 0 } = await navigator.storage.estimate();
      return quota - usage;
    },
    askToPersist: async () => false,
    onOnline: () => undefined,
    patience: TEST_PATIENCE,
    stopTimeoutMs: 3_000,
    ...change,
  });
  const close = () => {
    isClosed = true;
    channel.close();
    for (const one of transfers) one.dispose();
    for (const release of held) release();
  };
  closers.push(close);
  return { ...library, close };
}

export const stateOf = (library: ModelLibrary, id = model.id): ModelState | undefined =>
  library.state.getState().models?.find(({ model: one }) => one.id === id)?.state;
export const reaches = (library: ModelLibrary, state: ModelState['state'], id = model.id) =>
  expect.poll(() => stateOf(library, id)?.state, { timeout: 20_000 }).toBe(state);
export const sentOf = async (path: string) =>
  (await repository.requests(path)).reduce((sum, { sentBytes }) => sum + sentBytes, 0);
export const comes = (library: ModelLibrary, bytes: number) =>
  expect
    .poll(() => {
      const now = stateOf(library);
      return now?.state === 'downloading' ? now.doneBytes : 0;
    })
    .toBeGreaterThan(bytes);
