import 'server-only';
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { database, databaseExists, users } from '@/lib/server/db';
import { isSameSecret, log, serverEnv } from '@/lib/server/process';
import { type NewJob, workQueue } from '@/lib/server/queue';
import { keysOfEvents, parseJson } from './events';
import type { Incoming, IncomingFile } from './incoming';
import { incoming } from './incoming-place';
import { checkSnsMessage, confirmSubscription, readSnsMessage } from './sns-signature';

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
  for (const { key, etag, sizeBytes } of files) {
    if (sizeBytes === 0 || sizeBytes > MAX_RECORDING_BYTES) {
      log('warn', 'ingest.wrong_size', { sizeBytes });
      continue;
    }
    jobs.push({
      id: createHash('sha256')
        .update(JSON.stringify([from.name, key, etag]))
        .digest('hex'),
      ownerId: await ownerOf(key),
      name: posix.basename(key),
      source: { key, etag, sizeBytes },
    });
  }
  const added = await workQueue().add(jobs);
  if (added > 0) log('info', 'ingest.added', { count: added });
}

/** Whose a recording is: below a folder that is named by a user's id it is theirs, else the team's. */
async function ownerOf(key: string): Promise<string | null> {
  const [folder] = key.slice(serverEnv().ingestPrefix.length).split('/');
  if (!z.uuid().safeParse(folder).success || folder === undefined) return null;
  const { db } = await database();
  const [user] = await db.select({ id: users.id }).from(users).where(eq(users.id, folder));
  return user?.id ?? null;
}
