import { z } from 'zod';
import { fileUrl, type PublishedModel, publishedModelSchema } from '@/lib/catalogue';

/** One file of a model on the server, of which everything is known. */
export interface ShelfFile {
  path: string;
  bytes: number;
  /** Lower-case hex. */
  sha256: string;
}

/** A model that the server has whole: length and SHA-256 of each of its files are known. */
export const shelfModelSchema = publishedModelSchema.refine((model) => shelfFiles(model) !== null, {
  error: 'a file has no length or no SHA-256',
});

/** What the server keeps beside a model's files; written last, it says that they are all there. */
export const shelfEntrySchema = z.object({ version: z.literal(1), model: shelfModelSchema });

/** The models that the server has itself: the answer of `GET /api/models`. */
export const shelfSchema = z.object({
  models: z.array(shelfModelSchema),
  /** Of one of these: what browsers use that have not chosen any. `null`: the built-in model. */
  defaultModelId: z.string().nullable(),
});

export type Shelf = z.infer<typeof shelfSchema>;
export type ShelfModel = z.infer<typeof shelfModelSchema>;

/** The files of all backends' variants, each once; `null`: not all that matters of them is known. */
export function shelfFiles(model: Pick<PublishedModel, 'backends'>): ShelfFile[] | null {
  const { wasm, webgpu } = model.backends;
  const byPath = new Map<string, ShelfFile>();
  for (const variant of [wasm, webgpu])
    for (const { path, bytes, sha256 } of Object.values(variant?.files ?? {})) {
      if (bytes === null || sha256 === null) return null;
      byPath.set(path, { path, bytes, sha256 });
    }
  return [...byPath.values()];
}

/**
 * Where a file of the server's own models lies: at an address of the form that hubs have, with the
 * model's id for the repository.
 * @param shelfUrl absolute address of `/api/models`
 */
export function shelfFileUrl(
  shelfUrl: string,
  { id, revision }: Pick<PublishedModel, 'id' | 'revision'>,
  path: string,
): string {
  return fileUrl(shelfUrl, id, revision, path);
}
