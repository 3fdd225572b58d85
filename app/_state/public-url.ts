/** As the server said last. */
let told: string | undefined;

/** Keeps what the server says of itself to whoever is signed in; `undefined`: it was not told. */
export function rememberPublicUrl(url: string | undefined): void {
  told = url?.replace(/\/+$/, '');
}

/**
 * Where links to this server begin, without a last slash: what its users type, as it is set there
 * (`NEXTAUTH_URL`), else the address in the bar, which may be a name that only this network knows.
 */
export function publicUrl(): string {
  return told ?? window.location.origin;
}
