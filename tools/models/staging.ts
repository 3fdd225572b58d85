import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { mkdir, open, rename, rm, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { formatBytes } from '../../app/_features/ui/format';
import type { PublishedModel } from '../../lib/catalogue/catalogue';
import type { ShelfFile } from '../../lib/contracts/server-models';
import { newId } from '../../lib/core/ids';
import type { ShelfFolder } from '../../lib/server/models/shelf-folder';
import { tryLock } from '../../lib/server/process/directory-lock';
import { syncDirectory } from '../../lib/server/process/durable-files';
import { userError } from './user-errors';

/** Kept free for everything else that the server writes, in bytes. */
const RESERVE_BYTES = 64 * 1024 * 1024;
/** A revision that can never mean other files. */
const COMMIT = /^[0-9a-f]{40}$/;

/**
 * Where a model is kept until it is complete, beside the shelf: `models/.coming/<id>`. One command at a time works on
 * a model. If it is interrupted, what has arrived is kept, but is not listed.
 */
export class Staging {
  constructor(
    private readonly shelf: ShelfFolder,
    private readonly id: string,
  ) {}

  private get coming(): string {
    return join(this.shelf.path, '.coming', this.id);
  }

  /** Runs while no other command works on this model. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    const locks = join(this.shelf.path, '.locks');
    await mkdir(locks, { recursive: true });
    const taken = await tryLock(join(locks, this.id), 'npm run models');
    if (typeof taken !== 'function') {
      const who = taken.pid === null ? 'Another command' : `Another command (process ${taken.pid})`;
      throw userError(`${who} is at work on ${this.id}: wait until it has ended, then try again.`);
    }
    try {
      return await work();
    } finally {
      taken();
    }
  }

  /** Where a file of the model goes; its folder is made. */
  async pathOf(path: string): Promise<string> {
    const file = join(this.coming, 'files', ...path.split('/'));
    await mkdir(dirname(file), { recursive: true });
    return file;
  }

  /** What an earlier command noted of what it was fetching, or `null`. */
  readNote(): unknown {
    const file = join(this.coming, 'plan.json');
    if (!existsSync(file)) return null;
    try {
      return JSON.parse(readFileSync(file, 'utf8'));
    } catch (error) {
      if (error instanceof SyntaxError) return null; // cut off: the same as none
      throw error;
    }
  }

  async note(value: unknown): Promise<void> {
    await mkdir(this.coming, { recursive: true });
    await writeWhole(join(this.coming, 'plan.json'), JSON.stringify(value));
  }

  /** Removes what has arrived. */
  async clear(): Promise<void> {
    await rm(this.coming, { recursive: true, force: true });
  }

  /** Whether any of the model has arrived. */
  hasBegun(): boolean {
    return existsSync(this.coming);
  }

  /** @throws one sentence when the disk has too little room @param onDisk bytes that are there already */
  async requireQuota(totalBytes: number, onDisk: number): Promise<void> {
    await mkdir(this.shelf.path, { recursive: true });
    const { bavail, bsize } = await statfs(this.shelf.path);
    const needed = Math.max(0, totalBytes - onDisk);
    const free = bavail * bsize;
    if (free >= needed + RESERVE_BYTES) return;
    throw userError(
      `${this.id} needs ${formatBytes(needed)} more in ${this.shelf.path}, where ${formatBytes(free)} are free. Free some room, set DATA_DIR to a larger disk, or take the files for one processor alone (--backend wasm).`,
    );
  }

  /** Puts the model on the shelf, once its files have arrived and been checked. */
  async finish(model: PublishedModel, files: ReadonlyMap<string, ShelfFile>): Promise<void> {
    const whole = completed(model, files);
    await rm(join(this.coming, 'plan.json'), { force: true });
    await writeWhole(
      join(this.coming, 'model.json'),
      `${JSON.stringify({ version: 1, model: whole })}\n`,
    );
    await rename(this.coming, join(this.shelf.path, this.id));
    await syncDirectory(this.shelf.path);
  }

  /** Removes the model: first, atomically, from the listing, then from the disk. */
  async remove(): Promise<void> {
    const gone = join(this.shelf.path, '.gone');
    await mkdir(gone, { recursive: true });
    const to = join(gone, newId());
    await rename(join(this.shelf.path, this.id), to);
    // including what a command that was killed here has left
    await rm(gone, { recursive: true, force: true });
  }
}

/** The model with the lengths and hashes of its files, and a revision that means these alone. */
function completed(model: PublishedModel, files: ReadonlyMap<string, ShelfFile>): PublishedModel {
  const fill = (variant: PublishedModel['backends']['wasm']) =>
    variant && {
      ...variant,
      files: Object.fromEntries(
        Object.entries(variant.files).map(([role, { path }]) => {
          const file = files.get(path);
          if (!file) throw new Error(`${path} has not come.`);
          return [role, { path, bytes: file.bytes, sha256: file.sha256 }];
        }),
      ),
      approximateBytes: sumOf(Object.values(variant.files).map(({ path }) => files.get(path))),
    };
  const { wasm, webgpu } = model.backends;
  const revision = COMMIT.test(model.revision) ? model.revision : contentRevision(files);
  return { ...model, revision, backends: { wasm: fill(wasm), webgpu: fill(webgpu) } };
}

function sumOf(files: readonly (ShelfFile | undefined)[]): number {
  return [...new Set(files)].reduce((sum, file) => sum + (file?.bytes ?? 0), 0);
}

/** In the form of a commit: the same for the same files, and another for any others. */
function contentRevision(files: ReadonlyMap<string, ShelfFile>): string {
  const lines = [...files.values()].map(({ path, sha256 }) => `${path} ${sha256}`).sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 40);
}

async function writeWhole(file: string, text: string): Promise<void> {
  const draft = `${file}.part`;
  const handle = await open(draft, 'w');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}

/**
 * SHA-256 of a file of the disk, read in pieces; lower-case hex.
 * @param onProgress is called with the bytes read so far
 */
export async function sha256Of(
  file: string,
  signal: AbortSignal,
  onProgress: (doneBytes: number) => void = () => undefined,
): Promise<string> {
  const hash = createHash('sha256');
  let done = 0;
  for await (const piece of createReadStream(file, { signal, highWaterMark: 1024 * 1024 })) {
    hash.update(piece);
    done += piece.length;
    onProgress(done);
  }
  return hash.digest('hex');
}
