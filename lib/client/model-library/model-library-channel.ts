import { z } from 'zod';
import { ERROR_CODES } from '@/lib/core';

const progress = {
  backend: z.enum(['wasm', 'webgpu']),
  doneBytes: z.number().nonnegative(),
  totalBytes: z.number().nonnegative(),
};

const messageSchema = z.discriminatedUnion('kind', [
  /** A model's marker is another. */
  z.object({ kind: z.literal('changed'), id: z.string() }),
  /** How far the tab that downloads a model is. */
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
  /** A tab that was just opened asks how far others are. */
  z.object({ kind: z.literal('hello') }),
]);

/** What tabs tell each other of models. */
export type ModelLibraryMessage = z.infer<typeof messageSchema>;

/** The line between tabs: a `BroadcastChannel`, or what stands for one. */
export interface ModelLibraryChannel {
  post(message: ModelLibraryMessage): void;
  onMessage(listener: (message: ModelLibraryMessage) => void): void;
}

/** The line as a `BroadcastChannel`; messages of other builds that make no sense here are dropped. */
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
