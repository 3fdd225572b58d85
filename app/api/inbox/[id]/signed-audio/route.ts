import { inboxApi } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { route } from '@/lib/server/http';
import { answerIncoming, holdsAddress } from '@/lib/server/ingest';
import { sourceOfJob } from '@/lib/server/queue';

/** A recording, for anyone with its signed address. */
export const GET = route({
  ...inboxApi.signedAudio,
  name: 'inbox.signed_audio',
  limit: { max: 6_000, windowS: 60 },
  async handle({ request, params: { id }, query, signal }) {
    if (!(await holdsAddress(id, query)))
      throw new AppError('NOT_FOUND', 'This address does not hold any more.');
    return answerIncoming(await sourceOfJob(id), request, signal);
  },
});
