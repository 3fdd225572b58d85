import { signInApi } from '@/lib/contracts';
import { listProviders } from '@/lib/server/accounts';
import { databaseExists } from '@/lib/server/db';
import { route } from '@/lib/server/http';

/**
 * What a page needs to know before anyone signs in: whether there may be accounts, and which
 * providers there are. Opens no database: the app asks on every device, also where nobody ever
 * makes an account. It is counted without one, too, so that the page is there while a database is gone.
 */
export const GET = route({
  ...signInApi.facts,
  name: 'sign-in.facts',
  limit: { max: 240, windowS: 60, isLocal: true },
  handle: async () => ({ accounts: databaseExists(), providers: listProviders() }),
});
