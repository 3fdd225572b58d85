import { z } from 'zod';
import { fileUrl, type PublishedModel, publishedModelSchema } from '@/lib/catalogue';
import type { Endpoint } from './endpoint';

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

/** Where models come from. */
export const modelsApi = {
  hub: {
    method: 'GET',
    path: '/api/hub',
    summary: 'Tells where models are downloaded from, without a last slash.',
    session: 'open',
    answer: z.object({ address: z.url() }),
  },
  list: {
    method: 'GET',
    path: '/api/models',
    summary: 'Lists the models that this server has itself.',
    session: 'open',
    answer: shelfSchema,
  },
  setDefault: {
    method: 'PUT',
    path: '/api/models/default',
    summary: 'Sets what browsers use that have not chosen any model; null: the built-in one.',
    session: 'owner',
    body: z.object({ modelId: z.string().max(200).nullable() }),
    answer: null,
  },
  file: {
    method: 'GET',
    path: '/api/models/{id}/resolve/{revision}/{path}',
    summary: 'Gives a file of one of the server’s own models; ranges are taken.',
    session: 'open',
    // of any form: what never was a model's file is answered like one that is not there
    params: z.object({
      id: z.string().max(300),
      revision: z.string().max(300),
      path: z.array(z.string()).max(20),
    }),
    answer: 'application/octet-stream',
  },
} as const satisfies Record<string, Endpoint>;
