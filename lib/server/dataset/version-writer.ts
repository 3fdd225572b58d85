import 'server-only';
import { createHash } from 'node:crypto';
import type { DatasetVersion, Split } from '@/lib/contracts';
import { AppError, newId, throwIfAborted } from '@/lib/core';
import { objectStore } from '@/lib/server/objects';
import { draftsOf, versionKey } from './dataset-objects';
import { advanceDraft, type Draft, notePublication, overtaken } from './publication';
import { nemoFile, type Utterance } from './version-files';

/** How often the progress of a file is stored, in ms. */
const NOTED_EVERY_MS = 1_000;

type VersionFile = DatasetVersion['files'][number];

/** The name and kind of a file of a version. */
export interface FileName {
  path: string;
  mediaType: string;
}

/**
 * Writes files of a version that are not written yet, and stores the draft after each of them, so that
 * another process can resume from there. A process that has been replaced without knowing it may still
 * write a file: it only writes what the stored draft has decided, so that its bytes are the same.
 */
export class VersionWriter {
  #draft: Draft;
  readonly #number: number;
  readonly #signal: AbortSignal;
  /** Utterances of the file that is being written. */
  #passed = 0;
  #notedMs = performance.now();

  constructor(number: number, draft: Draft, signal: AbortSignal) {
    this.#number = number;
    this.#draft = draft;
    this.#signal = signal;
  }

  get draft(): Draft {
    return this.#draft;
  }

  /**
   * Writes a file whose content the draft does not decide, unless it is written already: what is
   * withdrawn meanwhile changes it. It is first written under a name of its own; the one that the draft
   * names then is copied.
   * @param change what is known once all of `source` was read
   */
  async writeDecided(
    file: FileName,
    source: () => AsyncIterable<Uint8Array>,
    change: () => Partial<Draft>,
  ): Promise<void> {
    const { path, mediaType } = file;
    if (!this.#has(path) && this.#draft.sources[path] === undefined) {
      const key = `${draftsOf(this.#number)}${newId()}`;
      await this.#put(key, mediaType, source());
      try {
        const sources = { ...this.#draft.sources, [path]: key };
        await this.#advance({ ...change(), sources });
      } catch (error) {
        await objectStore().delete(key);
        throw error;
      }
    }
    await this.write(file, () => this.#source(path));
  }

  /** Writes a file that is made of the draft and of files before it, unless it is written already. */
  async write(
    { path, mediaType }: FileName,
    source: () => AsyncIterable<Uint8Array>,
  ): Promise<VersionFile> {
    const there = this.#has(path);
    if (there) return there;
    const hash = createHash('sha256');
    let sizeBytes = 0;
    const counted = async function* () {
      for await (const piece of source()) {
        hash.update(piece);
        sizeBytes += piece.length;
        yield piece;
      }
    };
    await this.#put(versionKey(`v${this.#number}`, path), mediaType, counted());
    const file = { path, sizeBytes, sha256: hash.digest('hex') };
    await this.#advance({ files: [...this.#draft.files, file] });
    return file;
  }

  /** Passes entries or utterances through, and stores the progress of the file from time to time. */
  async *noting<T>(source: AsyncIterable<T>): AsyncGenerator<T> {
    for await (const one of source) {
      yield one;
      this.#passed += 1;
      if (performance.now() - this.#notedMs < NOTED_EVERY_MS) continue;
      this.#notedMs = performance.now();
      const progress = this.#progress(this.#draft.written + this.#passed);
      await notePublication(this.#number, { progress });
    }
  }

  /** The utterances of a split, from the file that was written first. */
  async *utterances(split: Split): AsyncGenerator<Utterance> {
    const decoder = new TextDecoder();
    let rest = '';
    for await (const piece of this.#source(nemoFile(split).path)) {
      const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      // written by us
      for (const line of lines) yield JSON.parse(line) as Utterance;
    }
  }

  /** What the draft has decided a file to be. */
  async *#source(path: string): AsyncGenerator<Uint8Array> {
    // a version that an earlier release had begun has it under its last name alone
    const key = this.#draft.sources[path] ?? versionKey(`v${this.#number}`, path);
    const found = await objectStore().get(key, { signal: this.#signal });
    if (!found)
      throw new AppError('SERVER_BUSY', `The object ${key} was written for this and is gone.`);
    yield* found.body;
  }

  async #put(key: string, mediaType: string, source: AsyncIterable<Uint8Array>): Promise<void> {
    throwIfAborted(this.#signal);
    this.#passed = 0;
    await objectStore().putStream(key, source, { mediaType, signal: this.#signal });
    throwIfAborted(this.#signal);
  }

  /** @throws ABORTED when another process has gone on meanwhile */
  async #advance(change: Partial<Draft>): Promise<void> {
    const { step, written } = this.#draft;
    const next = {
      ...this.#draft,
      ...change,
      step: step + 1,
      written: written + this.#passed,
    };
    const progress = this.#progress(next.written);
    if (!(await advanceDraft(this.#number, next, progress))) throw overtaken();
    this.#draft = next;
  }

  #has(path: string): VersionFile | undefined {
    return this.#draft.files.find((file) => file.path === path);
  }

  #progress(written: number): number {
    return Math.min(1, written / Math.max(1, this.#draft.total));
  }
}
