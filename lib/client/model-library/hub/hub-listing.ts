import { z } from 'zod';
import { descriptionUrl, fileUrl, treeUrl } from '@/lib/catalogue';
import { AppError, isAppError, retry } from '@/lib/core';
import { type AskHub, askHub, hubRetries, type Patience } from './hub-fetch';

/** One file of a repository, as its hub describes it. */
export interface HubFile {
  path: string;
  /** `null`: not listed. */
  bytes: number | null;
  /** Lower-case hex; `null` for files that the hub keeps in git itself. */
  sha256: string | null;
  /** The name git gives to the bytes (SHA-1 with a header), where it is known. */
  gitSha1: string | null;
  /** Another answer with the same mark has the same bytes. */
  etag: string | null;
}

export interface HubOptions {
  /** How the hub is reached; missing: from the thread that calls. */
  ask?: AskHub | undefined;
  patience: Patience;
  signal: AbortSignal | undefined;
}

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

const treeSchema = z.array(
  z.object({
    type: z.string(),
    path: z.string(),
    size: z.number().int().nonnegative().optional(),
    oid: z.string().optional(),
    lfs: z.object({ oid: sha256Schema, size: z.number().int().nonnegative() }).optional(),
  }),
);

const descriptionSchema = z.object({
  sha: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .nullish()
    .catch(null),
  cardData: z
    .object({
      license: z.string().nullish().catch(null),
      language: z
        .union([z.string(), z.array(z.string())])
        .nullish()
        .catch(null),
    })
    .nullish()
    .catch(null),
});

/** What a hub says of a repository, beside its files. */
export interface HubDescription {
  /** The commit that the revision means. */
  commit: string | null;
  licence: string | null;
  /** As the author wrote them: mostly BCP 47. */
  languages: string[];
}

/** Pages of a listing that are read; the hub gives 1000 files a page. */
const MAX_PAGES = 20;

/**
 * All files of a repository.
 * @throws OFFLINE, MODEL_DOWNLOAD_FAILED (`details.status`), ABORTED
 */
export async function listRepository(
  hub: string,
  repository: string,
  revision: string,
  options: HubOptions,
): Promise<HubFile[]> {
  const files: HubFile[] = [];
  let url: string | null = treeUrl(hub, repository, revision);
  for (let page = 0; url !== null && page < MAX_PAGES; page++) {
    const { value, link }: { value: unknown; link: string | null } = await fetchJson(url, options);
    const parsed = treeSchema.safeParse(value);
    if (!parsed.success)
      throw new AppError('MODEL_DOWNLOAD_FAILED', `${url}: this is not a list of files.`, {
        cause: parsed.error,
      });
    for (const { type, path, size, oid, lfs } of parsed.data) {
      if (type !== 'file') continue;
      const isGit = !lfs && oid !== undefined && /^[0-9a-f]{40}$/.test(oid);
      files.push({
        path,
        bytes: lfs?.size ?? size ?? null,
        sha256: lfs?.oid ?? null,
        gitSha1: isGit ? oid : null,
        etag: null,
      });
    }
    url = nextPage(link, hub);
  }
  return files;
}

/** What the hub says of a repository; `null` where it has no such page. Throws as `listRepository`. */
export async function describeRepository(
  hub: string,
  repository: string,
  revision: string,
  options: HubOptions,
): Promise<HubDescription | null> {
  try {
    const { value } = await fetchJson(descriptionUrl(hub, repository, revision), options);
    const { sha, cardData } = descriptionSchema.parse(value);
    const language = cardData?.language ?? [];
    return {
      commit: sha ?? null,
      licence: cardData?.license ?? null,
      languages: typeof language === 'string' ? [language] : language,
    };
  } catch (error) {
    if (error instanceof z.ZodError) return null;
    if (isAppError(error) && statusOf(error) === 404) return null;
    throw error;
  }
}

/** What the response to a HEAD says about one file: for hubs that have no listings. */
export async function inspectFile(
  hub: string,
  repository: string,
  revision: string,
  path: string,
  { ask = askHub, patience, signal }: HubOptions,
): Promise<HubFile> {
  const url = fileUrl(hub, repository, revision, path);
  return retry(
    async () => {
      const { headers } = await ask(url, { method: 'HEAD', patience, signal });
      const linked = unquoted(headers['x-linked-etag']);
      const size = headers['x-linked-size'];
      return {
        path,
        // the plain length may be that of a compressed answer
        bytes: size !== null && /^\d+$/.test(size) ? Number(size) : null,
        sha256: linked !== null && sha256Schema.safeParse(linked).success ? linked : null,
        gitSha1: null,
        etag: unquoted(headers.etag),
      };
    },
    hubRetries(patience, signal),
  );
}

/** Fetches a small text file of a repository. Throws as `listRepository`. */
export async function fetchText(url: string, options: HubOptions): Promise<string> {
  return (await fetchBody(url, options)).text;
}

/** The status that made a request fail, or `null`. */
export function statusOf(error: unknown): number | null {
  const status = isAppError(error) ? error.details.status : null;
  return typeof status === 'number' ? status : null;
}

async function fetchJson(url: string, options: HubOptions) {
  const { text, link } = await fetchBody(url, options);
  try {
    return { value: JSON.parse(text) as unknown, link };
  } catch (cause) {
    throw new AppError('MODEL_DOWNLOAD_FAILED', `${url}: this is not JSON.`, { cause });
  }
}

function fetchBody(url: string, { ask = askHub, patience, signal }: HubOptions) {
  return retry(
    async () => {
      const { text, headers } = await ask(url, { patience, signal });
      return { text, link: headers.link };
    },
    hubRetries(patience, signal),
  );
}

function unquoted(value: string | null): string | null {
  return value === null ? null : value.replace(/^(?:W\/)?"(.*)"$/, '$1');
}

/** The next page by the `Link` header; never one of another host. */
function nextPage(link: string | null, hub: string): string | null {
  const next = /<([^>]+)>\s*;\s*rel="next"/.exec(link ?? '')?.[1];
  return next?.startsWith(`${hub}/`) ? next : null;
}
