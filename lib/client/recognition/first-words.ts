import type { LoadParams, RecogniserInfo, SpeechOptions } from '@/lib/engine';
import type { FirstWordsWriter } from '@/lib/engine/pipeline';
import type { RecogniserClient } from './workers';

/** Draft in its own worker, while the recogniser's workers load a larger model. */
export interface FirstWords {
  /** Loads Draft once. @throws what the worker's `load` throws */
  open(): Promise<FirstWordsWriter>;
  /** Frees its memory and aborts what it is doing. */
  release(): void;
}

/**
 * @param createClient makes the worker that Draft runs in
 * @param params to load Draft with
 */
export function createFirstWords(
  createClient: () => RecogniserClient,
  params: () => Promise<LoadParams>,
): FirstWords {
  let current: {
    client: RecogniserClient;
    info: Promise<RecogniserInfo>;
  } | null = null;
  const load = () => {
    const client = createClient();
    const info = params().then(async (loadParams) => (await client.call('load', loadParams)).info);
    const made = { client, info };
    info.catch(() => {
      client.dispose();
      if (current === made) current = null;
    });
    return made;
  };
  return {
    async open() {
      current ??= load();
      const { client, info } = current;
      return {
        info: await info,
        recognise: (batch, signal) =>
          client.call('recognise', { batch }, { signal, transfer: batch.map((pcm) => pcm.buffer) }),
      };
    },
    release() {
      current?.client.dispose();
      current = null;
    },
  };
}

/** Whether Draft covers all languages that may be spoken, and the requested task. */
export function canWriteFirstWords(
  { language, task }: Pick<SpeechOptions, 'language' | 'task'>,
  known: readonly string[],
): boolean {
  const spoken = language?.split(',').map((tag) => tag.trim().split('-')[0] ?? '') ?? [];
  return task === 'transcribe' && spoken.every((code) => known.includes(code));
}
