/** As the server said last. */
let configured: string | null = null;

/** Notes what the server says that links to it begin with; `null`: the operator has not set it. */
export function notePublicAddress(address: string | null): void {
  configured = address;
}

/**
 * What links begin with that others are given, without a last slash: the address that the server was
 * configured with (`NEXTAUTH_URL`), else the one in this browser's bar. Known once somebody is signed in.
 */
export function publicOrigin(): string {
  return configured ?? window.location.origin;
}
