// Vitest's global set-up for tests of the server: what databases and objects lie on.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
// what tests are provided with is declared there
import type {} from '../../lib/server/testing/test-backends';
import { root } from '../command/root';
import { type CephServer, startCeph } from './ceph';
import { bundleChildren } from './children';
import { NotHere } from './commands';
import { embeddedTemplate } from './embedded-template';
import { type NatsServer, startNats } from './nats';
import { type PostgresServer, startPostgres } from './postgres';

const BUCKET = 'ai2text-tests';
/** The database that others are copied from. */
const TEMPLATE = 'migrated';

type Service = PostgresServer | CephServer | NatsServer;

/** All of them, or none left running. */
async function startServices() {
  const started: Service[] = [];
  const close = async () => {
    for (const service of started) await service.close();
  };
  const noted = async <S extends Service>(starting: Promise<S>) => {
    const service = await starting;
    started.push(service);
    return service;
  };
  const all = [noted(startPostgres()), noted(startCeph()), noted(startNats())] as const;
  const failed = (await Promise.allSettled(all)).find((one) => one.status === 'rejected');
  if (failed) {
    await close();
    throw failed.reason;
  }
  const [postgres, ceph, nats] = await Promise.all(all);
  const { endpoint, accessKeyId, secretAccessKey } = ceph;
  return {
    databaseUrl: postgres.url,
    template: await postgresTemplate(postgres.url),
    natsUrl: nats.url,
    s3: { endpoint, accessKeyId, secretAccessKey, bucket: BUCKET },
    close,
  };
}

/** @returns ends and removes all of it */
export async function setup({ provide }: TestProject): Promise<() => Promise<void> | void> {
  const scratch = mkdtempSync(join(tmpdir(), 'ai2text-server-'));
  const children = await bundleChildren();
  const folders = { scratch, children };
  const remove = () => {
    for (const folder of [scratch, children]) rmSync(folder, { recursive: true, force: true });
  };
  if (process.env.SERVER_BACKENDS !== 'services') {
    provide('serverBackends', { ...folders, kind: 'embedded', template: await embeddedTemplate() });
    return remove;
  }
  try {
    const { close, ...services } = await startServices();
    provide('serverBackends', { ...folders, kind: 'services', ...services });
    return async () => {
      await close();
      remove();
    };
  } catch (error) {
    remove();
    // where everything can be installed nothing may be left out
    if (!(error instanceof NotHere) || process.env.CI === 'true') throw error;
    console.warn(`The server's tests on PostgreSQL and S3 are skipped. ${error.message}`);
    provide('serverBackends', { kind: 'missing', reason: error.message });
    return () => undefined;
  }
}

/**
 * Makes a database with all migrations, which others are copied from.
 * @param url of a user who may make databases
 * @returns its name
 */
async function postgresTemplate(url: string): Promise<string> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query(`create database ${TEMPLATE}`);
  await admin.end();
  const address = new URL(url);
  address.pathname = `/${TEMPLATE}`;
  const client = new pg.Client({ connectionString: address.href });
  await client.connect();
  await migrate(drizzle(client), { migrationsFolder: join(root, 'drizzle') });
  await client.end();
  return TEMPLATE;
}
