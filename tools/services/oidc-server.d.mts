/** A running provider, and what it knows the app by. */
export interface OidcServer {
  issuer: string;
  clientId: string;
  clientSecret: string;
  close(): Promise<void>;
}

export function startOidcServer(
  redirectUri: string,
  people: Record<string, { email?: string; name?: string }>,
): Promise<OidcServer>;

export function visitOidcServer(address: string, subject: string): Promise<string>;
