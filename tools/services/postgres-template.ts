import { join } from 'node:path';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { root } from '../command/root';

const NAME = 'migrated';

/**
 * Makes a database with all migrations, which others are copied from.
 * @param url of a user who may make databases
 * @returns its name
 */
export async function postgresTemplate(url: string): Promise<string> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query(`create database ${NAME}`);
  await admin.end();
  const address = new URL(url);
  address.pathname = `/${NAME}`;
  const client = new pg.Client({ connectionString: address.href });
  await client.connect();
  await migrate(drizzle(client), { migrationsFolder: join(root, 'drizzle') });
  await client.end();
  return NAME;
}
