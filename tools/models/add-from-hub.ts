import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs';
import { z } from 'zod';
import { type PublishedModel, publishedModelSchema } from '../../lib/catalogue/catalogue';
import { fileUrl } from '../../lib/catalogue/hub-address';
import {
  identityOf,
  plannedFileSchema,
} from '../../lib/client/model-library/downloads/install-manifest';
import { pinnedRevision, planFiles } from '../../lib/client/model-library/downloads/plan-files';
import { type FileSink, transferFile } from '../../lib/client/model-library/downloads/transfer';
import { describeOnHub } from '../../lib/client/model-library/hub/add-repository';
import { DEFAULT_PATIENCE } from '../../lib/client/model-library/hub/hub-fetch';
import type { ShelfFile } from '../../lib/contracts/server-models';
import type { ShelfFolder } from '../../lib/server/models/shelf-folder';
import { Staging } from './staging';
import type { CommandContext } from './user-errors';

/** What is fetched, as its hub listed it at the start: stored, so that the same download is resumed. */
const planSchema = z.object({
  version: z.literal(1),
  hub: z.string(),
  model: publishedModelSchema,
  files: z.array(plannedFileSchema),
});

export type Plan = z.infer<typeof planSchema>;

/** The model that a name of a repository means. Throws as `describeOnHub`. */
export async function describeRemote(
  hub: string,
  repository: string,
  taken: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<PublishedModel> {
  const model = await describeOnHub(hub, repository, taken, { patience: DEFAULT_PATIENCE, signal });
  return { ...model, description: `Added to this server from ${repository}.` };
}

/**
 * What is to be fetched: what an earlier command has begun with, else what the hub lists now.
 * @throws OFFLINE, MODEL_DOWNLOAD_FAILED, ABORTED
 */
export async function planFromHub(
  shelf: ShelfFolder,
  hub: string,
  model: PublishedModel,
  signal: AbortSignal,
): Promise<Plan> {
  const begun = planSchema.safeParse(new Staging(shelf, model.id).readNote());
  if (begun.success && begun.data.hub === hub && isSame(begun.data.model, model)) return begun.data;
  const options = { patience: DEFAULT_PATIENCE, signal };
  const ask = async () => hub;
  const pinned = { ...model, revision: await pinnedRevision(model, ask, options) };
  const files = new Map<string, Plan['files'][number]>();
  for (const variant of [pinned.backends.wasm, pinned.backends.webgpu])
    if (variant)
      for (const file of await planFiles(pinned, variant, ask, options)) files.set(file.path, file);
  return { version: 1, hub, model: pinned, files: [...files.values()] };
}

/** Whether the files of the same repository are wanted for the same backends. */
function isSame(begun: PublishedModel, model: PublishedModel): boolean {
  const paths = ({ backends }: PublishedModel) =>
    [backends.wasm, backends.webgpu].map((one) =>
      Object.values(one?.files ?? {}).map(({ path }) => path),
    );
  return (
    begun.repository === model.repository &&
    JSON.stringify(paths(begun)) === JSON.stringify(paths(model))
  );
}

/**
 * Fetches a model and puts it on the shelf. What has come is kept when it breaks off, and the same
 * command goes on behind it. Throws as `transferFile`.
 */
export async function addFromHub(
  shelf: ShelfFolder,
  plan: Plan,
  context: CommandContext,
): Promise<void> {
  const { hub, model, files } = plan;
  const workshop = new Staging(shelf, model.id);
  await workshop.alone(async () => {
    // of another revision, or for another backend: those bytes may belong to other files
    if (JSON.stringify(workshop.readNote()) !== JSON.stringify(plan)) await workshop.clear();
    const totalBytes = files.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
    const paths = new Map<string, string>();
    for (const { path } of files) paths.set(path, await workshop.pathOf(path));
    const onDisk = [...paths.values()].reduce((sum, path) => sum + sizeOf(path), 0);
    await workshop.requireQuota(totalBytes, onDisk);
    await workshop.note(plan);
    const kept = new Map<string, ShelfFile>();
    for (const file of files) {
      const { path, bytes, sha256, gitSha1 } = file;
      const url = fileUrl(hub, model.repository, model.revision, path);
      const sink = new DiskSink(paths.get(path) ?? '');
      try {
        // nothing shows whether what was received belongs to what would follow
        if (identityOf(file) === null) sink.truncate(0);
        const fetched = await transferFile({ url, bytes, sha256, gitSha1 }, sink, {
          patience: DEFAULT_PATIENCE,
          signal: context.signal,
          onProgress: (done) => context.progress(path, done, bytes ?? done),
        });
        kept.set(path, { path, ...fetched });
      } finally {
        sink.close();
      }
    }
    context.signal.throwIfAborted();
    await workshop.finish(model, kept);
  });
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** A file of the disk that a download goes into. */
class DiskSink implements FileSink {
  private readonly fd: number;

  constructor(path: string) {
    this.fd = openSync(path, constants.O_RDWR | constants.O_CREAT);
  }

  getSize(): number {
    return fstatSync(this.fd).size;
  }

  read(into: Uint8Array, { at }: { at: number }): number {
    return readSync(this.fd, into, 0, into.length, at);
  }

  write(bytes: Uint8Array, { at }: { at: number }): number {
    return writeSync(this.fd, bytes, 0, bytes.length, at);
  }

  truncate(sizeBytes: number): void {
    ftruncateSync(this.fd, sizeBytes);
  }

  flush(): void {
    fsyncSync(this.fd);
  }

  close(): void {
    closeSync(this.fd);
  }
}
