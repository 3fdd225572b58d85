import { isAppError } from '@/lib/core/errors';
import { parseHub } from '@/lib/models/hub-address';

/** `MODEL_HUB` is read when it is asked for, not when the app is built. */
export const dynamic = 'force-dynamic';

/** Where models are downloaded from: `{ address }`, without a last slash. */
export function GET(): Response {
  const headers = { 'cache-control': 'no-store' };
  try {
    return Response.json({ address: parseHub(process.env.MODEL_HUB) }, { headers });
  } catch (error) {
    if (!isAppError(error)) throw error;
    const { code, message } = error;
    return Response.json({ code, message }, { status: 500, headers });
  }
}
