import { datasetApi } from '@/lib/contracts';
import { withdrawEntry } from '@/lib/server/dataset';
import { route } from '@/lib/server/http';

export const dynamic = 'force-dynamic';

/** Withdraws an entry, by its giver or the owner; again is fine. */
export const DELETE = route({
  ...datasetApi.withdraw,
  name: 'dataset.withdraw',
  limit: { max: 600, windowS: 60 },
  async handle({ user, params: { id }, signal }) {
    await withdrawEntry({ id: user.id, isOwner: user.role === 'owner' }, id, signal);
    return null;
  },
});
