import { z } from 'zod';
import { ERROR_CODES } from '@/lib/core';

const progress = {
  backend: z.enum(['wasm', 'webgpu']),
  doneBytes: z.number().nonnegative(),
  totalBytes: z.number().nonnegative(),
};

const messageSchema = z.discriminatedUnion('kind', [
  /** A model's install manifest has changed. */
  z.object({ kind: z.literal('changed'), id: z.string() }),
  /** Progress of the tab that downloads a model. */
  z.object({
    kind: z.literal('progress'),
    id: z.string(),
    transfer: z.discriminatedUnion('state', [
      z.object({
        state: z.literal('downloading'),
        secondsLeft: z.number().nonnegative().nullable(),
        ...progress,
      }),
      z.object({ state: z.literal('paused'), ...progress }),
      z.object({
        state: z.literal('failed'),
        error: z.object({ code: z.enum(ERROR_CODES), message: z.string() }),
        ...progress,
      }),
    ]),
  }),
  /** A new tab asks for the progress of the others. */
  z.object({ kind: z.literal('hello') }),
]);

/** Messages about models between tabs. */
export type ModelLibraryMessage = z.infer<typeof messageSchema>;

/** The channel between tabs: a `BroadcastChannel`, or a substitute in tests. */
export interface ModelLibraryChannel {
  post(message: ModelLibraryMessage): void;
  onMessage(listener: (message: ModelLibraryMessage) => void): void;
}

/** The channel as a `BroadcastChannel`; unknown messages of other builds are dropped. */
export function broadcastChannel(channel: BroadcastChannel): ModelLibraryChannel {
  return {
    post: (message) => channel.postMessage(message),
    onMessage: (listener) =>
      channel.addEventListener('message', (event: MessageEvent<unknown>) => {
        const parsed = messageSchema.safeParse(event.data);
        if (parsed.success) listener(parsed.data);
      }),
  };
}
