import 'server-only';
import { DEFAULT_HUB, parseHub } from '@/lib/catalogue';

/** The public hub sends browsers on to its storage, on hosts under these two domains of its own. */
const DEFAULT_HUB_HOSTS = [DEFAULT_HUB, 'https://*.huggingface.co', 'https://*.hf.co'];

/** @throws BAD_REQUEST with a sentence when `MODEL_HUB` is no address */
export function checkHub(): void {
  parseHub(process.env.MODEL_HUB);
}

/**
 * Hosts from which a page may download models, as sources of `connect-src`. Browsers check each
 * step of a redirect. The public hub's steps are known; another hub may send them to any storage, so
 * that whoever names one allows every https address, and every http address for one over http.
 * @param value of `MODEL_HUB`; one that is not valid allows none
 */
export function hubHosts(value: string | undefined): readonly string[] {
  try {
    const hub = parseHub(value);
    if (hub === DEFAULT_HUB) return DEFAULT_HUB_HOSTS;
    return new URL(hub).protocol === 'http:' ? ['http:', 'https:'] : ['https:'];
  } catch {
    // `GET /api/hub` tells whoever wants a model what is wrong with it
    return [];
  }
}
