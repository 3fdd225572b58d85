import type { LoadParams, RecogniserInfo, SpeechOptions } from '@/lib/engine';
import type { FirstWordsWriter } from '@/lib/engine/pipeline';
import type { RecogniserClient } from './workers';

/** Draft beside the recogniser's workers, for as long as those load a larger model. */
export interface FirstWords {
  /** Loads it, once. @throws as the worker's `load` */
  open(): Promise<FirstWordsWriter>;
  /** Gives its memory back; what it is at is aborted. */
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
    const info = params().then(async (given) => (await client.call('load', given)).info);
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

/** Whether Draft knows all that may be spoken, and writes what is wanted of it. */
export function canWriteFirstWords(
  { language, task }: Pick<SpeechOptions, 'language' | 'task'>,
  known: readonly string[],
): boolean {
  const spoken = language?.split(',').map((tag) => tag.trim().split('-')[0] ?? '') ?? [];
  return task === 'transcribe' && spoken.every((code) => known.includes(code));
}
