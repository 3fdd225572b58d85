import { TRANSCRIPT_EXTENSIONS } from '@/lib/import';

/** Names a browser gives no type to, or a wrong one, and that hold sound. */
const MEDIA_EXTENSIONS = [
  '3ga',
  '3gp',
  'aac',
  'ac3',
  'aif',
  'aiff',
  'alac',
  'amr',
  'ape',
  'asf',
  'au',
  'avi',
  'caf',
  'dts',
  'eac3',
  'f4v',
  'flac',
  'flv',
  'm2ts',
  'm4a',
  'm4b',
  'm4v',
  'mka',
  'mkv',
  'mov',
  'mp2',
  'mp3',
  'mp4',
  'mpeg',
  'mpg',
  'mts',
  'mxf',
  'oga',
  'ogg',
  'ogv',
  'opus',
  'qt',
  'ra',
  'rm',
  'spx',
  'ts',
  'tta',
  'vob',
  'wav',
  'webm',
  'wma',
  'wmv',
  'wv',
] as const;

/** The file chooser's filter: only a hint, since the content determines what a file is. */
export const ACCEPT = [
  'audio/*',
  'video/*',
  ...[...MEDIA_EXTENSIONS, ...TRANSCRIPT_EXTENSIONS].map((name) => `.${name}`),
].join(',');

/** The files of a drop, including those in its folders. */
interface Collected {
  files: File[];
  /** Files in folders that are not of the wanted kind. */
  skipped: number;
  /** Entries of folders that the browser could not open: the others are taken all the same. */
  unreadable: number;
}

/** Folders that files were dropped in; those that were dropped by themselves have none. */
const folders = new WeakMap<File, string>();

/** The path of the folder that a file was dropped in; empty: it was dropped, or chosen, by itself. */
export function folderOf(file: File): string {
  return folders.get(file) ?? '';
}

/** Whether a file from a folder is worth trying. Individually chosen files always are. */
export function looksLikeMedia(file: Pick<File, 'name' | 'type'>): boolean {
  if (file.name.startsWith('.')) return false;
  if (/^(audio|video)\//.test(file.type)) return true;
  const extension = file.name.split('.').pop()?.toLowerCase();
  return MEDIA_EXTENSIONS.some((known) => known === extension);
}

/**
 * Every file of a drop; folders are walked recursively, in the order of their names.
 * Must be called synchronously in the event: the browser empties the list afterwards.
 * @param wanted which files of folders are taken; by default, recordings
 */
export function filesFromDrop(
  transfer: DataTransfer,
  wanted: (file: File) => boolean = looksLikeMedia,
): Promise<Collected> {
  const items = [...transfer.items].filter((item) => item.kind === 'file');
  const roots = items.map((item) => ({
    file: item.getAsFile(),
    entry: typeof item.webkitGetAsEntry === 'function' ? item.webkitGetAsEntry() : null,
  }));
  return collect(roots, [...transfer.files], wanted);
}

async function collect(
  roots: { file: File | null; entry: FileSystemEntry | null }[],
  plain: File[],
  wanted: (file: File) => boolean,
): Promise<Collected> {
  if (roots.length === 0) return { files: plain, skipped: 0, unreadable: 0 };
  const all: Collected = { files: [], skipped: 0, unreadable: 0 };
  for (const { file, entry } of roots) {
    if (entry && isDirectory(entry)) await walk(entry, all, wanted);
    else if (file) all.files.push(file);
  }
  return all;
}

async function walk(
  directory: FileSystemDirectoryEntry,
  into: Collected,
  wanted: (file: File) => boolean,
): Promise<void> {
  const entries = await readAll(directory.createReader()).catch(() => null);
  if (!entries) {
    into.unreadable += 1;
    return;
  }
  entries.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  for (const entry of entries) {
    if (isDirectory(entry)) {
      await walk(entry, into, wanted);
      continue;
    }
    // by the specification an entry that is not a directory is a file
    const file = await fileOf(entry as FileSystemFileEntry).catch(() => null);
    if (!file) into.unreadable += 1;
    else if (wanted(file)) {
      folders.set(file, directory.fullPath);
      into.files.push(file);
    } else into.skipped += 1;
  }
}

/** A reader gives at most a hundred entries at a time (Chromium); an empty answer is the end. */
async function readAll(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

/** The address of a saved file is kept this long, in ms: the browser reads it after the click. */
const KEEP_MS = 60_000;

/** Hands a file to the user as a download. */
export function saveAs(content: Blob, fileName: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEEP_MS);
}
