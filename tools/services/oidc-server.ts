// A real OpenID Connect provider on this machine, for tests of signing in.
import { createServer } from 'node:http';
import { type Configuration, Provider } from 'oidc-provider';
import { listenLocally } from './listen';

const CLIENT_ID = 'ai2text';
const CLIENT_SECRET = 'a secret of the tests, which is none';

/** People who can sign in, by their subject. */
type People = Readonly<Record<string, { email?: string; name?: string }>>;

/** A running provider, and what it knows the app by. */
export interface OidcServer {
  issuer: string;
  clientId: string;
  clientSecret: string;
  close(): Promise<void>;
}

function configuration(redirectUri: string, people: People): Configuration {
  return {
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        redirect_uris: [redirectUri],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    // as most providers have it: the address comes from the userinfo endpoint alone
    conformIdTokenClaims: true,
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email_verified: true, ...people[id] }),
    }),
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true } },
    cookies: { keys: ['of the tests'] },
    // in s; without them it reminds of each
    ttl: { AccessToken: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
  };
}

/**
 * Starts it on a free port of 127.0.0.1.
 * @param redirectUri where it sends browsers back to
 */
export async function startOidcServer(redirectUri: string, people: People): Promise<OidcServer> {
  const server = createServer();
  const issuer = `http://127.0.0.1:${await listenLocally(server)}`;
  const provider = new Provider(issuer, configuration(redirectUri, people));
  server.on('request', provider.callback());
  return {
    issuer,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What a browser sends next. */
interface NextRequest {
  url: string;
  /** A form; none: it follows a link. */
  body?: URLSearchParams;
}

/**
 * Signs a person in at the provider, as a browser does that follows redirects and sends its forms.
 * @param address the one that the app sends the browser to
 * @param subject who signs in
 * @returns the address of the app that the browser comes back to
 */
export async function visitOidcServer(address: string, subject: string): Promise<string> {
  const { origin } = new URL(address);
  const cookies = new Map<string, string>();
  let request: NextRequest = { url: address };
  for (let hops = 0; hops < 12; hops += 1) {
    const response = await fetch(request.url, {
      method: request.body ? 'POST' : 'GET',
      body: request.body ?? null,
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    const page = location ? '' : await response.text();
    if (location) {
      const url = new URL(location, request.url);
      if (url.origin !== origin) return url.href;
      request = { url: url.href };
    } else request = nextForm(page, request.url, subject);
  }
  throw new Error('The provider leads nowhere.');
}

function nextForm(page: string, url: string, subject: string): NextRequest {
  const [, action] = /<form[^>]*action="([^"]+)"/.exec(page) ?? [];
  const [, prompt] = /name="prompt" value="(\w+)"/.exec(page) ?? [];
  if (!action) throw new Error(`The provider shows no form: ${page.slice(0, 500)}`);
  const body = new URLSearchParams({ prompt: prompt ?? '', login: subject, password: 'any' });
  return { url: new URL(action, url).href, body };
}
