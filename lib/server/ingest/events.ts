import 'server-only';
import { z } from 'zod';
import { AppError } from '@/lib/core';

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
    return key === null ? [] : [key];
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
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('BAD_REQUEST', 'The notification is not valid JSON.', { cause });
  }
}
