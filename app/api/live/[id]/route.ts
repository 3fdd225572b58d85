import { EXPIRES_HEADER, LIVE_LIMITS, liveApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import {
  appendFrame,
  authKeyOf,
  authoriseReader,
  countOpening,
  followLive,
  idHashOf,
} from '@/lib/server/shares';

export const dynamic = 'force-dynamic';

/** Frames as they come, for a client that shows the auth key; counted as an opening when it begins with the first. */
export const GET = route({
  ...liveApi.follow,
  name: 'live.follow',
  // by this instance alone: a hall full of people has one address, and wrong passwords are counted by all together
  limit: { max: 600, windowS: 60, by: 'address', isLocal: true },
  async handle({ request, params: { id }, query: { from = 0 }, address, signal }) {
    const share = await authoriseReader({ id, authKey: authKeyOf(request), address }, 'live');
    if (from === 0) await countOpening(share);
    const stream = followLive(share.idHash, from, signal);
    return new Response(stream, {
      headers: {
        'content-type': liveApi.follow.answer,
        // compressed or buffered on its way it would come late
        'cache-control': 'no-store, no-transform',
        'x-accel-buffering': 'no',
        [EXPIRES_HEADER]: share.expiresAt.toISOString(),
      },
    });
  },
});

/** Takes the next frame from the browser that records. */
export const POST = route({
  ...liveApi.append,
  name: 'live.append',
  limit: { max: LIVE_LIMITS.framesAMinute, windowS: 60 },
  async handle({ user, params: { id }, body }) {
    await appendFrame(user.id, idHashOf(id), body);
    return null;
  },
});
