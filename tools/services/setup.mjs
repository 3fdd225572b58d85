// Vitest's global set-up for tests of the server: what databases and objects lie on.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCeph } from './ceph.mjs';
import { bundleChildren } from './children.mjs';
import { NotHere } from './commands.mjs';
import { embeddedTemplate } from './embedded-template.mjs';
import { startPostgres } from './postgres.mjs';
import { postgresTemplate } from './postgres-template.mjs';

const BUCKET = 'ai2text-tests';

/** Both, or none of them left running. */
async function startServices() {
  const started = await Promise.allSettled([startPostgres(), startCeph()]);
  const close = async () => {
    for (const { value } of started) await value?.close();
  };
  const failed = started.find(({ status }) => status === 'rejected');
  if (failed) {
    await close();
    throw failed.reason;
  }
  const [{ value: postgres }, { value: ceph }] = started;
  const { endpoint, accessKeyId, secretAccessKey } = ceph;
  return {
    databaseUrl: postgres.url,
    template: await postgresTemplate(postgres.url),
    s3: { endpoint, accessKeyId, secretAccessKey, bucket: BUCKET },
    close,
  };
}

/** @param {{ provide: (key: 'serverBackends', value: object) => void }} project */
export async function setup({ provide }) {
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
