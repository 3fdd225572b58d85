import 'server-only';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@/lib/core';

/**
 * The folder of migrations: beside the app, both in a checkout and in the standalone build.
 * @throws UNKNOWN when it is not there
 */
export function migrationsFolder(): string {
  const folder = join(/* turbopackIgnore: true */ process.cwd(), 'drizzle');
  if (existsSync(join(folder, 'meta', '_journal.json'))) return folder;
  throw new AppError(
    'UNKNOWN',
    'The folder drizzle with the database migrations is not in the working directory.',
  );
}
