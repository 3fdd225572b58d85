import 'server-only';
import { verify } from 'node:crypto';
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

/** Hosts that SNS serves its certificates from. */
const CERTIFICATE_HOST = /^sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/;
/** A message is not accepted later: it may have been recorded. */
const MAX_AGE_MS = 60 * 60_000;
const FETCH_TIMEOUT_MS = 5_000;
const MAX_CERTIFICATE_BYTES = 20_000;

/** `null`: this is not a message of SNS with a signature of version 2. */
export function asSnsMessage(value: unknown): SnsMessage | null {
  return messageSchema.safeParse(value).data ?? null;
}

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
    protocol === 'https:' &&
    port === '' &&
    CERTIFICATE_HOST.test(hostname) &&
    pathname.endsWith('.pem')
  );
}

/**
 * Makes sure that SNS sent a message, lately.
 * @throws FORBIDDEN
 */
export async function checkSnsSignature(
  message: SnsMessage,
  fetchCertificate: (url: string) => Promise<string> = download,
): Promise<void> {
  const refuse = (why: string) => new AppError('FORBIDDEN', `This message of SNS ${why}.`);
  if (!isCertificateUrl(message.SigningCertURL))
    throw refuse('names a certificate that is not of SNS');
  if (Math.abs(Date.now() - Date.parse(message.Timestamp)) > MAX_AGE_MS) throw refuse('is too old');
  const certificate = await fetchCertificate(message.SigningCertURL);
  const signature = Buffer.from(message.Signature, 'base64');
  if (!verify('sha256', Buffer.from(signedText(message)), certificate, signature))
    throw refuse('has a wrong signature');
}

/** Tells SNS that this topic is wanted here. The address was signed, and has to be one of SNS itself. */
export async function confirmSubscription({ SubscribeURL = '' }: SnsMessage): Promise<void> {
  const isOfSns =
    URL.canParse(SubscribeURL) &&
    new URL(SubscribeURL).protocol === 'https:' &&
    CERTIFICATE_HOST.test(new URL(SubscribeURL).hostname);
  if (!isOfSns) throw new AppError('FORBIDDEN', 'This message of SNS names an address of others.');
  await fetch(SubscribeURL, { redirect: 'error', signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
}

async function download(url: string): Promise<string> {
  const answer = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
  });
  const text = await answer.text();
  if (!answer.ok || text.length > MAX_CERTIFICATE_BYTES)
    throw new AppError('SERVER_BUSY', 'The certificate of SNS cannot be had.');
  return text;
}
