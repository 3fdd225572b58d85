import 'server-only';
import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, isAppError } from '@/lib/core';
import { fileErrorCode, syncDirectory } from './durable-files';
import { forgetSingleton, processSingleton } from './process-singleton';
import { readEnv, type ServerEnv } from './read-env';

export type { ServerEnv } from './read-env';

const SECRET_BYTES = 32;

/**
 * The environment of this process, read once.
 * @throws BAD_REQUEST with a sentence that names the first wrong variable
 */
export function serverEnv(): ServerEnv {
  return processSingleton('env', () => readEnv(process.env));
}

/** The address that links are made with, where the operator has set one (`NEXTAUTH_URL`). */
export function publicAddress(): string | null {
  const { publicUrl, hasPublicUrl } = serverEnv();
  return hasPublicUrl ? publicUrl : null;
}

/** Reads the environment again at the next use: for tests, which change it. */
export function resetEnv(): void {
  forgetSingleton('env');
}

async function readSecret(file: string): Promise<string | null> {
  let text: string;
  try {
    text = (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return null;
    throw error;
  }
  if (text.length < SECRET_BYTES)
    throw new AppError(
      'UNKNOWN',
      `${file} holds no secret. Delete it to make a new one; everyone is then signed out.`,
    );
  return text;
}

/** Writes the secret whole before it gets its name: no other process can read half of it. */
async function makeSecret(dataDir: string, file: string): Promise<string> {
  await mkdir(dataDir, { recursive: true });
  const text = randomBytes(SECRET_BYTES).toString('base64url');
  const draft = `${file}.${randomBytes(8).toString('hex')}`;
  const handle = await open(/* turbopackIgnore: true */ draft, 'wx', 0o600);
  try {
    await handle.writeFile(`${text}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(draft, file);
    await syncDirectory(dataDir);
    return text;
  } catch (error) {
    if (fileErrorCode(error) !== 'EEXIST') throw error;
    // another process was first: its secret counts
    const theirs = await readSecret(file);
    if (theirs === null) throw error;
    return theirs;
  } finally {
    await rm(draft, { force: true });
  }
}

/**
 * What sessions are signed with: `NEXTAUTH_SECRET`, or `DATA_DIR/secret`, which is made once with
 * mode 0600 and read once by each process.
 * @throws BAD_REQUEST for a wrong environment; UNKNOWN when the file cannot be read or holds none
 */
export async function sessionSecret(): Promise<string> {
  const { givenSecret, dataDir } = serverEnv();
  if (givenSecret !== null) return givenSecret;
  const file = join(dataDir, 'secret');
  const known = processSingleton('secrets', () => new Map<string, string>());
  const secret = known.get(file) ?? (await storedSecret(dataDir, file));
  known.set(file, secret);
  return secret;
}

async function storedSecret(dataDir: string, file: string): Promise<string> {
  try {
    const found = await readSecret(file);
    if (found === null) return await makeSecret(dataDir, file);
    // a copied data directory may have lost its modes
    await chmod(file, 0o600);
    return found;
  } catch (error) {
    if (isAppError(error)) throw error;
    throw new AppError('UNKNOWN', `${file} could not be read or made.`, { cause: error });
  }
}
