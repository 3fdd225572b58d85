import 'server-only';
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { AppError, isText } from '@/lib/core';
import { database, databaseExists, users } from '@/lib/server/db';
import { isSameSecret, log, serverEnv } from '@/lib/server/process';
import { type NewJob, workQueue } from '@/lib/server/queue';
import { type Incoming, type IncomingFile, incoming } from './incoming';
import { checkSnsMessage, confirmSubscription, readSnsMessage } from './sns-signature';

/** No store has longer keys. */
const MAX_KEY_BYTES = 1_024;

const recordSchema = z.object({
  eventSource: z.string(),
  eventName: z.string(),
  s3: z.object({ object: z.object({ key: z.string() }) }),
});

/** What AWS, MinIO and Ceph send. */
const eventsSchema = z.object({ Records: z.array(recordSchema).max(1_000) });

/** What AWS sends when notifications are set up. */
const testSchema = z.object({ Event: z.literal('s3:TestEvent') });

/**
 * The keys that a notification says are new: hints to look there, and nothing more.
 * @throws BAD_REQUEST when it has none of the known forms
 */
export function keysOfEvents(value: unknown): string[] {
  if (testSchema.safeParse(value).success) return [];
  const events = eventsSchema.safeParse(value);
  if (!events.success)
    throw new AppError('BAD_REQUEST', 'This is not a notification of an object store.');
  return events.data.Records.flatMap(({ eventSource, eventName, s3 }) => {
    if (!/(^|:)ObjectCreated:/.test(eventName)) return [];
    const key = eventSource === 'ceph:s3' ? s3.object.key : decoded(s3.object.key);
    // what no object can be called is looked for nowhere: stores and file systems fail on it
    const isKey = key !== null && isText(key) && Buffer.byteLength(key) <= MAX_KEY_BYTES;
    return isKey ? [key] : [];
  });
}

/** AWS and MinIO write keys as forms do; Ceph writes them as they are. */
function decoded(key: string): string | null {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    // not encoded by any store: the sweep finds the object, if there is one
    return null;
  }
}

/** @throws BAD_REQUEST */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('BAD_REQUEST', 'The notification is not valid JSON.', { cause });
  }
}

export const MAX_EVENT_BYTES = 256 * 1024;
/** Jobs that a sweep adds at once. */
const BATCH = 200;
/** Larger than any recording that people make: ten hours of uncompressed sound are 7 GB. */
const MAX_RECORDING_BYTES = 20 * 1024 ** 3;

/** Whether a request brings `INGEST_SECRET`: as a bearer token, a header, or in the address, as Ceph does. */
export function hasIngestSecret(request: Request): boolean {
  const { ingestSecret } = serverEnv();
  const secrets = [
    /^Bearer (\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1],
    request.headers.get('x-ingest-secret'),
    new URL(request.url).searchParams.get('secret'),
  ];
  const right = secrets.map(
    (one) => ingestSecret !== null && isSameSecret(one ?? '', ingestSecret),
  );
  return right.includes(true);
}

/**
 * Takes a notification: looks at the objects that it names, and makes jobs of those that are there.
 * @throws BAD_REQUEST; FORBIDDEN: a message of SNS that it did not send, or of a topic that is not wanted;
 * SERVER_BUSY: SNS cannot be reached
 */
export async function takeEvents(body: Uint8Array, signal: AbortSignal): Promise<void> {
  const from = incoming();
  const files: IncomingFile[] = [];
  const value = parseJson(new TextDecoder().decode(body));
  // anyone with the secret could send it; what comes by SNS must be signed as well
  const message = readSnsMessage(value);
  if (message) await checkSnsMessage(message, serverEnv().ingestSnsTopics);
  if (message?.Type === 'SubscriptionConfirmation') await confirmSubscription(message);
  if (message && message.Type !== 'Notification') return;
  for (const key of keysOfEvents(message ? parseJson(message.Message) : value)) {
    const file = await from.look(key, signal);
    if (file) files.push(file);
  }
  await addFiles(from, files);
}

/** Looks for recordings whose notification was lost. */
export async function sweepIncoming(): Promise<void> {
  if (!databaseExists()) return;
  const from = incoming();
  const files: IncomingFile[] = [];
  for await (const file of from.list()) {
    files.push(file);
    if (files.length === BATCH) await addFiles(from, files.splice(0));
  }
  await addFiles(from, files);
}

async function addFiles(from: Incoming, files: readonly IncomingFile[]): Promise<void> {
  const jobs: NewJob[] = [];
  let ownerless = 0;
  for (const { key, etag, sizeBytes } of files) {
    if (sizeBytes === 0 || sizeBytes > MAX_RECORDING_BYTES) {
      log('warn', 'ingest.wrong_size', { sizeBytes });
      continue;
    }
    const owner = await ownerOf(key);
    if (owner === 'nobody') {
      ownerless += 1;
      continue;
    }
    jobs.push({
      id: createHash('sha256')
        .update(JSON.stringify([from.name, key, etag]))
        .digest('hex'),
      ownerId: owner === 'team' ? null : owner.userId,
      name: posix.basename(key),
      source: { key, etag, sizeBytes },
    });
  }
  if (ownerless > 0) log('warn', 'ingest.no_such_user', { count: ownerless });
  const added = await workQueue().add(jobs);
  if (added > 0) log('info', 'ingest.added', { count: added });
}

/**
 * Whose a recording is: below a folder that is named by a user's id it is theirs, else the team's. What lies in the
 * folder of a user who was removed is nobody's: it was private, and the team must not get it.
 */
async function ownerOf(key: string): Promise<{ userId: string } | 'team' | 'nobody'> {
  const [folder] = key.slice(serverEnv().ingestPrefix.length).split('/');
  if (!z.uuid().safeParse(folder).success || folder === undefined) return 'team';
  const { db } = await database();
  const [user] = await db.select({ id: users.id }).from(users).where(eq(users.id, folder));
  return user ? { userId: user.id } : 'nobody';
}
