import { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { PublishedModel } from '@/lib/catalogue';
import type { Shelf } from '@/lib/contracts';
import { type AppError, ERROR_CODES } from '@/lib/core';
import { type InstallManifest, installedBackends } from './downloads/install-manifest';
import type { ListedModel, ModelList, ModelState, ModelTransfer } from './model-library';

const progress = {
  backend: z.enum(['wasm', 'webgpu']),
  doneBytes: z.number().nonnegative(),
  totalBytes: z.number().nonnegative(),
};

const messageSchema = z.discriminatedUnion('kind', [
  /** A model's install manifest has changed. */
  z.object({ kind: z.literal('changed'), id: z.string() }),
  /** Progress of the tab that downloads a model. */
  z.object({
    kind: z.literal('progress'),
    id: z.string(),
    transfer: z.discriminatedUnion('state', [
      z.object({
        state: z.literal('downloading'),
        secondsLeft: z.number().nonnegative().nullable(),
        ...progress,
      }),
      z.object({ state: z.literal('paused'), ...progress }),
      z.object({
        state: z.literal('failed'),
        error: z.object({ code: z.enum(ERROR_CODES), message: z.string() }),
        ...progress,
      }),
    ]),
  }),
  /** A new tab asks for the progress of the others. */
  z.object({ kind: z.literal('hello') }),
]);

/** Messages about models between tabs. */
export type ModelLibraryMessage = z.infer<typeof messageSchema>;

/** The channel between tabs: a `BroadcastChannel`, or a substitute in tests. */
export interface ModelLibraryChannel {
  post(message: ModelLibraryMessage): void;
  onMessage(listener: (message: ModelLibraryMessage) => void): void;
}

/** The channel as a `BroadcastChannel`; unknown messages of other builds are dropped. */
export function broadcastChannel(channel: BroadcastChannel): ModelLibraryChannel {
  return {
    post: (message) => channel.postMessage(message),
    onMessage: (listener) =>
      channel.addEventListener('message', (event: MessageEvent<unknown>) => {
        const parsed = messageSchema.safeParse(event.data);
        if (parsed.success) listener(parsed.data);
      }),
  };
}

/** One stored model, as this tab knows it. */
export interface StoredModel {
  manifest: InstallManifest;
  /** Bytes on disk of the files of the first entry of `manifest.wanted`. */
  partBytes: number;
}

/** Combines the catalogue, what is stored and transfers in progress into the list that pages see. */
export class ModelLibraryState {
  private catalogue: readonly PublishedModel[] | null = null;
  private shelf: Shelf = { models: [], defaultModelId: null };
  private readonly stored = new Map<string, StoredModel>();
  private readonly live = new Map<string, ModelTransfer>();
  readonly store: StoreApi<ModelList> = createStore(() => ({ models: null }));

  /** From now on the store has a list, with the server's own models first. */
  setCatalogue(models: readonly PublishedModel[], shelf: Shelf): void {
    this.catalogue = models;
    this.shelf = shelf;
    this.emit();
  }

  setStored(id: string, stored: StoredModel | null): void {
    if (!stored && !this.stored.has(id)) return;
    if (stored) this.stored.set(id, stored);
    else this.stored.delete(id);
    this.emit();
  }

  /** A transfer in progress in this or another tab; `null`: none any more. */
  setLive(id: string, transfer: ModelTransfer | null): void {
    if (!transfer && !this.live.has(id)) return;
    if (transfer) this.live.set(id, transfer);
    else this.live.delete(id);
    this.emit();
  }

  /** Shows a failure that could not be stored, for example on a full disk. */
  failLive(id: string, { code, message }: AppError): void {
    const listed = this.list().find(({ model }) => model.id === id)?.state;
    const transfer = listed?.state === 'installed' ? listed.transfer : listed;
    if (transfer?.state !== 'downloading') return;
    const { backend, doneBytes, totalBytes } = transfer;
    const error = { code, message };
    this.setLive(id, { state: 'failed', backend, doneBytes, totalBytes, error });
  }

  /** A model by its id, as it is listed. */
  find(id: string): PublishedModel | null {
    return this.list().find(({ model }) => model.id === id)?.model ?? null;
  }

  ids(): Set<string> {
    const offered = [...this.shelf.models, ...(this.catalogue ?? [])];
    return new Set([...offered.map(({ id }) => id), ...this.stored.keys()]);
  }

  list(): ListedModel[] {
    const catalogue = this.catalogue ?? [];
    const onServer = this.shelf.models.map((model) => {
      // the catalogue describes the model, the server its files
      const { revision, backends } = model;
      const known = catalogue.find(({ id }) => id === model.id) ?? model;
      return { ...known, revision, backends, isOnServer: true };
    });
    const shelved = new Set(onServer.map(({ id }) => id));
    const known = [
      ...onServer.map((model) => this.entry(model, { added: false, ...this.onShelf(model) })),
      ...catalogue
        .filter(({ id }) => !shelved.has(id))
        .map((model) => this.entry(model, { added: false })),
    ];
    const listed = new Set(known.map(({ model }) => model.id));
    const others = [...this.stored.values()]
      .filter(({ manifest }) => !listed.has(manifest.model.id) && !manifest.removing)
      // models from the server's shelf stay if they are removed there or the server cannot be reached
      .map(({ manifest: { model } }) =>
        model.isOnServer
          ? this.entry(model, { added: false, ...this.onShelf(model) })
          : this.entry(model, { added: true }),
      )
      .sort((a, b) => a.model.name.localeCompare(b.model.name));
    return [...known, ...others];
  }

  private onShelf({ id }: PublishedModel): Required<Pick<ListedModel, 'shelf'>> {
    return { shelf: id === this.shelf.defaultModelId ? 'default' : 'listed' };
  }

  private entry(model: PublishedModel, from: Pick<ListedModel, 'added' | 'shelf'>): ListedModel {
    const stored = this.stored.get(model.id) ?? null;
    const state = stateOf(stored, this.live.get(model.id) ?? null);
    return { model: asStored(model, stored?.manifest ?? null), state, ...from };
  }

  private emit(): void {
    if (this.catalogue) this.store.setState({ models: this.list() });
  }
}

/** The state of a model. */
export function stateOf(stored: StoredModel | null, live: ModelTransfer | null): ModelState {
  const manifest = stored?.manifest;
  if (!stored || !manifest || manifest.removing) return live ?? { state: 'absent' };
  const transfer = live ?? transferOf(stored);
  const backends = installedBackends(manifest);
  if (backends.length === 0) return transfer ?? { state: 'absent' };
  const bytes = Object.values(manifest.kept).reduce((sum, file) => sum + file.bytes, 0);
  return { state: 'installed', backends, bytes, ...(transfer ? { transfer } : {}) };
}

function transferOf({ manifest, partBytes }: StoredModel): ModelTransfer | null {
  const [wanted] = manifest.wanted;
  if (!wanted) return null;
  const { backend, totalBytes } = wanted;
  const progress = { backend, doneBytes: Math.min(partBytes, totalBytes), totalBytes };
  switch (wanted.state) {
    case 'downloading':
      return { state: 'downloading', secondsLeft: null, ...progress };
    case 'paused':
      return { state: 'paused', ...progress };
    case 'failed': {
      const error = wanted.error ?? { code: 'UNKNOWN' as const, message: '' };
      return { state: 'failed', error, ...progress };
    }
  }
}

/** Installed files belong to the revision they were downloaded from, whatever is offered now. */
function asStored(model: PublishedModel, manifest: InstallManifest | null): PublishedModel {
  if (!manifest || installedBackends(manifest).length === 0) return model;
  const { revision, backends, isOnServer = false } = manifest.model;
  return { ...model, revision, backends, isOnServer };
}
