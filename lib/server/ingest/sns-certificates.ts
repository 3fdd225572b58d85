import 'server-only';
import { X509Certificate } from 'node:crypto';

/** SNS signs the messages of a region with one certificate, and has a new one once a year. */
const MAX_KEPT = 16;

/** A certificate, in PEM, until it expires. */
interface Kept {
  pem: string;
  untilMs: number;
}

/** Keeps certificates by their address, so that SNS is not asked with each message. */
export class SnsCertificates {
  readonly #fetch: (url: string) => Promise<string>;
  readonly #kept = new Map<string, Kept>();

  /** @param fetchCertificate gives what lies at an address */
  constructor(fetchCertificate: (url: string) => Promise<string>) {
    this.#fetch = fetchCertificate;
  }

  /** @throws what `fetchCertificate` throws */
  async get(url: string): Promise<string> {
    const kept = this.#kept.get(url);
    if (kept && Date.now() < kept.untilMs) return kept.pem;
    const pem = await this.#fetch(url);
    this.#kept.delete(url);
    const untilMs = expiryOf(pem);
    if (untilMs !== null) this.#keep(url, { pem, untilMs });
    return pem;
  }

  #keep(url: string, kept: Kept): void {
    this.#kept.set(url, kept);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MAX_KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }
}

/** `null`: it is not a certificate, which may be different the next time. */
function expiryOf(pem: string): number | null {
  try {
    return Date.parse(new X509Certificate(pem).validTo);
  } catch {
    // who checks the signature with it says so
    return null;
  }
}
