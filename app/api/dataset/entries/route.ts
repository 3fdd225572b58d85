import { datasetApi, ENTRIES_A_BATCH } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import { giveEntries, listEntries, withdrawRecording } from '@/lib/server/dataset';
import { route } from '@/lib/server/http';

export const dynamic = 'force-dynamic';

/** Both texts of an entry may be of characters of four bytes, and each is written with care. */
const MAX_ENTRY_BYTES = 20_000;

/** Takes clips with their text; what is accepted is committed, and the same batch again is fine. */
export const POST = route({
  ...datasetApi.give,
  name: 'dataset.give',
  limit: { max: 300, windowS: 60 },
  maxBytes: ENTRIES_A_BATCH * MAX_ENTRY_BYTES,
  handle: ({ user, body }) => giveEntries(user.id, body.entries),
});

/** What the user gave; all that was given, for the owner. */
export const GET = route({
  ...datasetApi.entries,
  name: 'dataset.entries',
  limit: { max: 120, windowS: 60 },
  async handle({ user, query: { of, ...page } }) {
    if (of === 'all' && user.role !== 'owner')
      throw new AppError('FORBIDDEN', 'Only the owner may see what others gave.');
    return listEntries({ userId: user.id, isAll: of === 'all', ...page });
  },
});

/** Withdraws what the user gave of one recording. */
export const DELETE = route({
  ...datasetApi.withdrawRecording,
  name: 'dataset.withdraw-recording',
  limit: { max: 120, windowS: 60 },
  handle: async ({ user, query: { recording }, signal }) => ({
    withdrawn: await withdrawRecording(user.id, recording, signal),
  }),
});
