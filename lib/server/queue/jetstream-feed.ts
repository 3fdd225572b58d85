import 'server-only';
import {
  AckPolicy,
  type Consumer,
  type JetStreamClient,
  type JsMsg,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { AppError, memoizePromise } from '@/lib/core';
import { log } from '@/lib/server/process';
import type { JobFeed } from './feed';
import { HeldMessages } from './held-messages';

/** The server's client takes nothing shorter. */
const MIN_WAIT_MS = 1_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** A repeated announcement within this time is one message. */
const DUPLICATES_NS = 120e9;
/** A message that was not extended for so many leases has been delivered to somebody else by now. */
const KEPT_LEASES = 2;

interface Connected {
  connection: NatsConnection;
  stream: JetStreamClient;
  consumer: Consumer;
}

/**
 * Jobs wait in a work queue of NATS JetStream (2.9 or newer), one message for each: it holds the id alone.
 * Messages are delivered without limit, since the database counts attempts; one that was lost is made up
 * for by the row that is overdue.
 * @param url its path, if any, names the queue
 * @param leaseMs how long a message belongs to a worker that says nothing
 */
export function jetstreamFeed(url: string, leaseMs: number): JobFeed {
  const { host, pathname, username, password } = new URL(url);
  const name = pathname.slice(1).replace(/\W/g, '-') || 'ai2text';
  const subject = `${name}.work`;
  const held = new HeldMessages<JsMsg>(KEPT_LEASES * leaseMs);

  const connected = memoizePromise(async (): Promise<Connected> => {
    try {
      return await open();
    } catch (cause) {
      throw new AppError('SERVER_BUSY', 'The queue (QUEUE_URL) cannot be reached.', { cause });
    }
  });

  async function open(): Promise<Connected> {
    const connection = await connect({
      servers: host,
      timeout: CONNECT_TIMEOUT_MS,
      maxReconnectAttempts: -1,
      ...(username && { user: decodeURIComponent(username), pass: decodeURIComponent(password) }),
    });
    const manager = await jetstreamManager(connection);
    await manager.streams.add({
      name,
      subjects: [subject],
      retention: RetentionPolicy.Workqueue,
      storage: StorageType.File,
      duplicate_window: DUPLICATES_NS,
    });
    await manager.consumers.add(name, {
      durable_name: 'workers',
      ack_policy: AckPolicy.Explicit,
      ack_wait: leaseMs * 1e6,
      // with a limit, messages that have used it up would stay in the queue unseen
      max_deliver: -1,
      max_ack_pending: -1,
    });
    const stream = jetstream(connection);
    return { connection, stream, consumer: await stream.consumers.get(name, 'workers') };
  }

  return {
    async announce(ids) {
      const { stream } = await connected();
      await Promise.all(ids.map((id) => stream.publish(subject, id)));
    },
    async take(claims, waitMs, signal) {
      const { consumer } = await connected();
      const endMs = performance.now() + waitMs;
      while (!signal.aborted) {
        // one at a time: what a slow worker holds in reserve would be delivered to others again
        const leftMs = Math.max(MIN_WAIT_MS, endMs - performance.now());
        // the server's heartbeat is half of it, in whole milliseconds
        const message = await consumer.next({ expires: 2 * Math.ceil(leftMs / 2) });
        if (!message) return claims.next(leaseMs);
        const job = signal.aborted ? { retryInMs: 0 } : await claims.byId(message.string());
        if ('lease' in job) {
          held.hold(job.lease, message);
          return job;
        }
        if (job.retryInMs === null) message.ack();
        else message.nak(Math.ceil(job.retryInMs));
      }
      return null;
    },
    extend(lease) {
      const message = held.get(lease);
      if (!message) return;
      message.working();
      held.hold(lease, message);
    },
    acknowledge(lease, retryInMs) {
      const message = held.get(lease);
      held.drop(lease);
      if (retryInMs === null) message?.ack();
      else message?.nak(retryInMs);
    },
    async close() {
      try {
        const { connection } = await connected();
        await connection.close();
      } catch (error) {
        log('warn', 'queue.not_closed', { message: String(error) });
      }
    },
  };
}
