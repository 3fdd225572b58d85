import 'server-only';
import { createHmac } from 'node:crypto';
import { AppError } from '@/lib/core';
import type { TrainingSettings } from '@/lib/server/process';
import type { RunRow } from './run-token';
import { askTrainer, jobOf, type Trainer } from './trainer';

/** The headers of Standard Webhooks (standardwebhooks.com); the secret's characters are the key. */
export function signedHeaders(
  secret: string,
  { id, timestampS, body }: { id: string; timestampS: number; body: string },
): Record<string, string> {
  const signed = `${id}.${timestampS}.${body}`;
  const signature = createHmac('sha256', secret).update(signed).digest('base64');
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(timestampS),
    'webhook-signature': `v1,${signature}`,
  };
}

/** A program that takes signed requests and reports by itself. */
export function webhookTrainer(settings: TrainingSettings): Trainer {
  const send = async (run: RunRow, id: string, type: string, data: object) => {
    const body = JSON.stringify({ type, timestamp: run.createdAt.toISOString(), data });
    const timestampS = Math.floor(Date.now() / 1000);
    const headers = signedHeaders(settings.secret, { id, timestampS, body });
    const { status } = await askTrainer(settings.url, { method: 'POST', headers, body });
    if (status < 200 || status > 299)
      throw new AppError('BAD_REQUEST', `The trainer refused the request with ${status}.`);
  };
  return {
    async start(run) {
      await send(run, run.delivery, 'training.start', jobOf(run, settings));
      return { logsUrl: null };
    },
    async cancel(run) {
      await send(run, `${run.delivery}-cancel`, 'training.cancel', { run: run.id });
    },
    look: null,
  };
}
