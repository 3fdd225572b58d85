import 'server-only';
import type { NextAuthOptions } from 'next-auth';
import GitHub from 'next-auth/providers/github';
import Google from 'next-auth/providers/google';
import { serverEnv } from '@/lib/server/process';

/** Every call to a provider is given up after this long, in ms. */
const HTTP_OPTIONS = { timeout: 8000 } as const;

/** A provider that the owner of this server has set up. */
export interface SignInProvider {
  id: 'oidc' | 'github' | 'google';
  /** As it stands on its button. */
  name: string;
}

/** The providers whose variables are set, in the order of their buttons. */
export function listProviders(): SignInProvider[] {
  const { oidc, github, google } = serverEnv();
  return [
    ...(oidc ? [{ id: 'oidc', name: new URL(oidc.issuer).host } as const] : []),
    ...(github ? [{ id: 'github', name: 'GitHub' } as const] : []),
    ...(google ? [{ id: 'google', name: 'Google' } as const] : []),
  ];
}

/** The same ones as next-auth takes them. Each answer is bound to this browser by all its checks. */
export function oauthProviders(): NextAuthOptions['providers'] {
  const { oidc, github, google } = serverEnv();
  const providers: NextAuthOptions['providers'] = [];
  if (oidc)
    providers.push({
      id: 'oidc',
      name: new URL(oidc.issuer).host,
      type: 'oauth',
      wellKnown: `${oidc.issuer}/.well-known/openid-configuration`,
      clientId: oidc.clientId,
      clientSecret: oidc.clientSecret,
      idToken: true,
      checks: ['pkce', 'state', 'nonce'],
      authorization: { params: { scope: 'openid email profile' } },
      // many providers give name and address here only. It is the set that came with the id token,
      // whose subject has to be the same; next-auth's type says less.
      userinfo: {
        request: ({ client, tokens }) =>
          client.userinfo(tokens as Parameters<typeof client.userinfo>[0]),
      },
      httpOptions: HTTP_OPTIONS,
      profile: ({ sub, email, name }: Record<string, string | undefined>) => ({
        id: sub ?? '',
        email: email ?? null,
        name: name ?? null,
      }),
    });
  if (github)
    providers.push(GitHub({ ...github, checks: ['pkce', 'state'], httpOptions: HTTP_OPTIONS }));
  if (google)
    providers.push(
      Google({ ...google, checks: ['pkce', 'state', 'nonce'], httpOptions: HTTP_OPTIONS }),
    );
  return providers;
}
