import { accountApi } from '@/lib/contracts';
import { endOtherSessions, listSessions } from '@/lib/server/accounts';
import { database } from '@/lib/server/db';
import { route } from '@/lib/server/http';

/** Where the user is signed in. */
export const GET = route({
  ...accountApi.sessions,
  name: 'sessions.list',
  limit: { max: 120, windowS: 60 },
  async handle({ user, sessionId }) {
    const listed = await listSessions((await database()).db, user.id);
    return { sessions: listed.map((one) => ({ ...one, current: one.id === sessionId })) };
  },
});

/** Signs the user out everywhere but here. */
export const DELETE = route({
  ...accountApi.endOtherSessions,
  name: 'sessions.end-others',
  limit: { max: 60, windowS: 60 },
  async handle({ user, sessionId }) {
    await endOtherSessions((await database()).db, user.id, sessionId);
    return null;
  },
});
