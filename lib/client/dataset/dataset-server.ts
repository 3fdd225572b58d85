import { z } from 'zod';
import { callServer, putToStore } from '@/lib/client/http';
import { clipStateSchema, datasetApi, entriesAnswerSchema } from '@/lib/contracts';
import type { DatasetServer } from './send';

/** The server of this page. */
export const datasetServer: DatasetServer = {
  announceClip: (body, signal) =>
    callServer('POST', datasetApi.announceClip.path, { body, schema: clipStateSchema, signal }),
  upload: ({ offset, upload: { url, headers } }, bytes, signal) =>
    callServer('PUT', `${url}?offset=${offset}`, {
      body: bytes,
      headers,
      schema: clipStateSchema,
      signal,
    }),
  store: ({ upload }, bytes, signal) => putToStore(upload, bytes, 'training-set', { signal }),
  give: (entries, signal) =>
    callServer('POST', datasetApi.give.path, {
      body: { entries },
      schema: entriesAnswerSchema,
      signal,
    }),
  async withdraw(id, signal) {
    await callServer('DELETE', `/api/dataset/entries/${id}`, { schema: z.null(), signal });
  },
};
