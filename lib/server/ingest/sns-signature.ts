import 'server-only';
import { verify, X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '@/lib/core';

/** A message of Amazon SNS as it is posted. */
const messageSchema = z.object({
  Type: z.enum(['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation']),
  MessageId: z.string(),
  TopicArn: z.string(),
  Message: z.string(),
  Timestamp: z.iso.datetime(),
  Subject: z.string().optional(),
  Token: z.string().optional(),
  SubscribeURL: z.string().optional(),
  SignatureVersion: z.literal('2'),
  Signature: z.string(),
  SigningCertURL: z.url(),
});
export type SnsMessage = z.infer<typeof messageSchema>;

/** Hosts that SNS serves its certificates and confirmations from. */
const SNS_HOST = /^sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/;
/** A message is not accepted later: it may have been recorded. */
const MAX_AGE_MS = 60 * 60_000;
const FETCH_TIMEOUT_MS = 5_000;
const MAX_ANSWER_LENGTH = 20_000;

/** What no store sends by itself. */
const snsShape = z.union([
  z.object({ Type: messageSchema.shape.Type }),
  z.object({ TopicArn: z.unknown() }),
]);

/**
 * A message of SNS; `null`: this is something else.
 * @throws FORBIDDEN when it has no signature of version 2 (SHA-256): version 1 signs with SHA-1
 */
export function readSnsMessage(value: unknown): SnsMessage | null {
  const message = messageSchema.safeParse(value);
  if (message.success) return message.data;
  if (!snsShape.safeParse(value).success) return null;
  throw refused('has no signature of version 2');
}

const refused = (why: string) => new AppError('FORBIDDEN', `This message of SNS ${why}.`);

/** What SNS signs, in its order. */
function signedText(message: SnsMessage): string {
  const names =
    message.Type === 'Notification'
      ? (['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const)
      : ([
          'Message',
          'MessageId',
          'SubscribeURL',
          'Timestamp',
          'Token',
          'TopicArn',
          'Type',
        ] as const);
  return names
    .filter((name) => message[name] !== undefined)
    .map((name) => `${name}\n${message[name]}\n`)
    .join('');
}

/** Whether an address is one of SNS's own certificates. */
export function isCertificateUrl(address: string): boolean {
  const { protocol, hostname, pathname, port } = new URL(address);
  return (
    protocol === 'https:' && port === '' && SNS_HOST.test(hostname) && pathname.endsWith('.pem')
  );
}

/**
 * Makes sure that SNS sent a message, lately, for a topic that is wanted.
 * @param topics their ARNs
 * @throws FORBIDDEN; SERVER_BUSY: the certificate cannot be fetched
 */
export async function checkSnsMessage(
  message: SnsMessage,
  topics: readonly string[],
  fetchCertificate: (url: string) => Promise<string> = (url) => certificates.get(url),
): Promise<void> {
  if (!topics.includes(message.TopicArn))
    throw refused('is of a topic that INGEST_SNS_TOPICS does not name');
  if (!isCertificateUrl(message.SigningCertURL))
    throw refused('names a certificate that is not of SNS');
  if (Math.abs(Date.now() - Date.parse(message.Timestamp)) > MAX_AGE_MS)
    throw refused('is too old');
  const certificate = await fetchCertificate(message.SigningCertURL);
  const signature = Buffer.from(message.Signature, 'base64');
  if (!isSignedBy(certificate, signedText(message), signature))
    throw refused('has a wrong signature');
}

function isSignedBy(certificate: string, text: string, signature: Buffer): boolean {
  try {
    return verify('sha256', Buffer.from(text), certificate, signature);
  } catch (cause) {
    throw new AppError('SERVER_BUSY', 'What SNS gave as its certificate is none.', { cause });
  }
}

/** Tells SNS that this topic is wanted here. The address was signed, and has to be one of SNS itself. */
export async function confirmSubscription({ SubscribeURL = '' }: SnsMessage): Promise<void> {
  const isOfSns =
    URL.canParse(SubscribeURL) &&
    new URL(SubscribeURL).protocol === 'https:' &&
    SNS_HOST.test(new URL(SubscribeURL).hostname);
  if (!isOfSns) throw refused('names an address of others');
  await fetchOfSns(SubscribeURL);
}

/** @throws SERVER_BUSY: SNS does not answer in time, or not as it should */
export async function fetchOfSns(url: string, timeoutMs = FETCH_TIMEOUT_MS): Promise<string> {
  try {
    const answer = await fetch(url, {
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await answer.text();
    if (answer.ok && text.length <= MAX_ANSWER_LENGTH) return text;
    throw new Error(`It answered ${answer.status}, with ${text.length} characters.`);
  } catch (cause) {
    throw new AppError('SERVER_BUSY', 'SNS cannot be reached, or does not answer as it should.', {
      cause,
    });
  }
}

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

/** Those of this process. */
const certificates = new SnsCertificates(fetchOfSns);
