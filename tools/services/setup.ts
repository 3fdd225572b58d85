// Vitest's global set-up for tests of the server: what databases and objects lie on.
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { build } from 'vite';
import type { TestProject } from 'vitest/node';
import { root } from '../command/root';
// what tests are provided with is declared there
import '../../lib/server/testing/test-backends';
import { type CephServer, startCeph } from './ceph';
import { NotHere } from './commands';
import { embeddedTemplate } from './embedded-template';
import { type NatsServer, startNats } from './nats';
import { type PostgresServer, startPostgres } from './postgres';

// The processes that tests of the server start, bundled once: a process that bundles itself needs a
// second to start, and tests start dozens.

const SOURCES = join(root, 'lib/server/testing/children');
/** Below the packages, which stay as they are and are found from there. */
const CACHE = join(root, 'node_modules', '.cache', 'ai2text-children');

/** @returns a new folder with one `.mjs` file for each of them */
async function bundleChildren(): Promise<string> {
  mkdirSync(CACHE, { recursive: true });
  const folder = mkdtempSync(join(CACHE, 'run-'));
  const names = readdirSync(SOURCES).map((file) => file.replace(/\.ts$/, ''));
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    resolve: {
      alias: { '@': root, 'server-only': join(root, 'node_modules/server-only/empty.js') },
    },
    build: {
      ssr: true,
      target: 'node20',
      minify: false,
      outDir: folder,
      emptyOutDir: false,
      rollupOptions: {
        input: Object.fromEntries(names.map((name) => [name, join(SOURCES, `${name}.ts`)])),
        output: { entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' },
      },
    },
  });
  return folder;
}

const BUCKET = 'ai2text-tests';
/** The database that others are copied from. */
const TEMPLATE = 'migrated';

type Service = PostgresServer | CephServer | NatsServer;

/** An S3 server that runs already, such as a Swift gateway, in place of Ceph's: `TEST_S3_ENDPOINT` and its keys. */
async function givenStore(endpoint: string): Promise<CephServer> {
  const { TEST_S3_ACCESS_KEY_ID: accessKeyId, TEST_S3_SECRET_ACCESS_KEY: secretAccessKey } =
    process.env;
  if (!accessKeyId || !secretAccessKey)
    throw new Error('TEST_S3_ENDPOINT needs TEST_S3_ACCESS_KEY_ID and TEST_S3_SECRET_ACCESS_KEY.');
  return { endpoint, accessKeyId, secretAccessKey, close: async () => undefined };
}

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
  const given = process.env.TEST_S3_ENDPOINT;
  const store = given === undefined ? startCeph() : givenStore(given);
  const all = [noted(startPostgres()), noted(store), noted(startNats())] as const;
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
