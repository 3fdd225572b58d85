import { inboxApi } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { route } from '@/lib/server/http';
import { hasIngestSecret, MAX_EVENT_BYTES, takeEvents } from '@/lib/server/ingest';

/** Takes the notifications of an object store about new recordings. */
export const POST = route({
  ...inboxApi.events,
  name: 'ingest.events',
  limit: { max: 6_000, windowS: 60, isLocal: true },
  async handle({ request, bytes, signal }) {
    if (!hasIngestSecret(request)) throw new AppError('NOT_FOUND', 'There is nothing here.');
    await takeEvents(await bytes(MAX_EVENT_BYTES), signal);
    return null;
  },
});
