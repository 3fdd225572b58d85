// An embedded database with all migrations, made once: making one takes seconds, a copy does not.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { root } from '../command/root';

const CACHE = join(root, 'node_modules', '.cache', 'ai2text-database');
const MIGRATIONS = join(root, 'drizzle');

/** What the template depends on: the engine and the migrations. */
function fingerprint(): string {
  const hash = createHash('sha256');
  hash.update(readFileSync(join(root, 'node_modules/@electric-sql/pglite/package.json')));
  for (const name of readdirSync(MIGRATIONS)
    .filter((entry) => entry.endsWith('.sql'))
    .sort())
    hash.update(name).update(readFileSync(join(MIGRATIONS, name)));
  return hash.digest('hex').slice(0, 16);
}

/** @returns the template's directory, which must not be written to */
export async function embeddedTemplate(): Promise<string> {
  const made = join(CACHE, fingerprint());
  if (existsSync(made)) return made;
  rmSync(CACHE, { recursive: true, force: true });
  mkdirSync(CACHE, { recursive: true });
  const draft = mkdtempSync(join(CACHE, 'draft-'));
  const engine = await PGlite.create(draft);
  try {
    await migrate(drizzle(engine), { migrationsFolder: MIGRATIONS });
  } finally {
    await engine.close();
  }
  try {
    renameSync(draft, made);
  } catch (error) {
    // another run was faster
    if (!existsSync(made)) throw error;
    rmSync(draft, { recursive: true, force: true });
  }
  return made;
}
