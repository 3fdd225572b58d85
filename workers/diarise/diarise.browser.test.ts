import { afterEach, beforeEach, expect, it } from 'vitest';
import { createModelLibrary } from '@/lib/client/model-library/create-model-library';
import {
  removeModelFolder,
  storedModels,
} from '@/lib/client/model-library/downloads/model-storage';
import { broadcastChannel } from '@/lib/client/model-library/model-library-state';
import type { Diariser } from '@/lib/client/speakers/label-speakers';
import { generate } from '@/tools/random-models/presets';
import { createFileTransfers } from '@/workers/download/client';
import { createDiariser } from './client';

const SPEECH = new URL('../segment/fixtures/two-speakers.flac', import.meta.url).href;
const RATE = 16_000;

let channel: BroadcastChannel;
let diariser: Diariser;
let pcm: Float32Array;
/** Ids of the models, as a user's folders are added. */
let segmentation: string;
let embedding: string;

beforeEach(async () => {
  channel = new BroadcastChannel('diarise-test');
  const library = createModelLibrary({
    catalogue: async () => [],
    hub: async () => location.origin,
    shelf: async () => ({ models: [], defaultModelId: null }),
    shelfUrl: location.origin,
    modelsUrl: location.origin,
    openTransfers: () => createFileTransfers(),
    locks: navigator.locks,
    channel: broadcastChannel(channel),
    freeBytes: async () => null,
    askToPersist: async () => undefined,
    onOnline: () => undefined,
  });
  // named by nothing: what they are is seen in the graph
  const add = async (preset: string, name: string) => {
    const [graph] = [...generate(preset)].filter(([path]) => path.endsWith('.onnx'));
    const file = new File([graph?.[1] ?? new Uint8Array()], 'a.onnx');
    Object.defineProperty(file, 'webkitRelativePath', { value: `${name}/a.onnx` });
    return library.addFolder([file]);
  };
  const first = await add('pyannote-random', 'first');
  const second = await add('wespeaker-random', 'second');
  expect([first.family, second.family]).toEqual(['speaker-segmentation', 'speaker-embedding']);
  segmentation = first.id;
  embedding = second.id;
  const bytes = await (await fetch(SPEECH)).arrayBuffer();
  const audio = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(bytes);
  pcm = audio.getChannelData(0).slice();
  diariser = createDiariser();
});

afterEach(async () => {
  diariser.dispose();
  channel.close();
  for (const id of await storedModels()) await removeModelFolder(id);
});

async function hear(): Promise<void> {
  for (let at = 0; at < pcm.length; at += 5 * RATE)
    await diariser.push({ startSample: at, pcm: pcm.subarray(at, at + 5 * RATE) });
}

it('tells speakers apart by models that a user added, and again for another number', async () => {
  await diariser.open({ segmentation, embedding });
  await hear();
  const { turns } = await diariser.finish('auto');
  expect(turns.length).toBeGreaterThan(0);
  for (const { startMs, endMs } of turns) {
    expect(startMs).toBeGreaterThanOrEqual(0);
    expect(endMs).toBeLessThanOrEqual((pcm.length / RATE) * 1000 + 100);
  }
  expect((await diariser.recount({ exact: 1 })).speakers).toBe(1);
  // the caller's sound is still there
  expect(pcm.length).toBeGreaterThan(0);
});

it('says that a model is not on this device, and continues with one that is', async () => {
  const missing = diariser.open({ segmentation: 'nowhere', embedding });
  await expect(missing).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await diariser.open({ segmentation: null, embedding });
  await diariser.push({ startSample: RATE, pcm: pcm.subarray(RATE, 4 * RATE) });
  expect((await diariser.finish('auto')).turns[0]?.startMs).toBe(1000);
});

it('obeys a cancel', async () => {
  await diariser.open({ segmentation, embedding });
  const abort = new AbortController();
  const pushed = diariser.push({ startSample: 0, pcm: new Float32Array(600 * RATE) }, abort.signal);
  abort.abort();
  await expect(pushed).rejects.toMatchObject({ code: 'ABORTED' });
});
