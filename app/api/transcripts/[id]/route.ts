import { transcriptsApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { deleteSummary, putSummary } from '@/lib/server/sync';

/** A device that comes back after weeks sends everything at once. */
const limit = { max: 1_200, windowS: 60 };

/** Merges what a device knows of a transcript into the list: names and numbers, no word of it. */
export const PUT = route({
  ...transcriptsApi.put,
  name: 'transcripts.put',
  // the longest title and tags that are allowed take a third of this
  maxBytes: 16 * 1024,
  limit,
  handle: ({ user, params: { id }, body }) => putSummary(user.id, id, body),
});

/** Takes a transcript off the list, for all devices. */
export const DELETE = route({
  ...transcriptsApi.remove,
  name: 'transcripts.delete',
  limit,
  handle: ({ user, params: { id }, query: { at } }) => deleteSummary(user.id, id, at),
});
