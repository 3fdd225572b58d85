/** What a folder is opened for. */
export type FolderMode = 'read' | 'readwrite';

/** Of the File System Access API, which TypeScript's library does not have yet: WICG, file-system-access. */
interface AccessHandle extends FileSystemDirectoryHandle {
  queryPermission?(options: { mode: FolderMode }): Promise<PermissionState>;
  requestPermission?(options: { mode: FolderMode }): Promise<PermissionState>;
}

interface FolderObserver {
  observe(handle: FileSystemDirectoryHandle, options: { recursive: boolean }): Promise<void>;
  disconnect(): void;
}

interface AccessGlobal {
  showDirectoryPicker?(options: {
    id: string;
    mode: FolderMode;
  }): Promise<FileSystemDirectoryHandle>;
  FileSystemObserver?: new (callback: () => void) => FolderObserver;
}

// the parts above are missing from its type, and are checked for before they are used
const platform = globalThis as typeof globalThis & AccessGlobal;

/** Whether this browser lets a page keep a folder: Chromium's on computers do. */
export const canPickFolder = (): boolean => platform.showDirectoryPicker !== undefined;

/** Asks the user for a folder. @returns `null`: none was chosen */
export async function pickFolder(mode: FolderMode): Promise<FileSystemDirectoryHandle | null> {
  try {
    return (await platform.showDirectoryPicker?.({ id: 'ai2text', mode })) ?? null;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return null;
    throw error;
  }
}

/** Whether a folder may be used now. */
export async function mayUse(
  handle: FileSystemDirectoryHandle,
  mode: FolderMode,
): Promise<boolean> {
  const { queryPermission } = handle as AccessHandle; // optional in it, as browsers have it
  return !queryPermission || (await queryPermission.call(handle, { mode })) === 'granted';
}

/** Asks the user for the use of a folder; only after a press. */
export async function askToUse(
  handle: FileSystemDirectoryHandle,
  mode: FolderMode,
): Promise<boolean> {
  const { requestPermission } = handle as AccessHandle; // optional in it, as browsers have it
  return !requestPermission || (await requestPermission.call(handle, { mode })) === 'granted';
}

/**
 * Calls back when something changes in a folder or below it.
 * @returns stops it; `null`: this browser does not report changes of this folder
 */
export async function observeFolder(
  handle: FileSystemDirectoryHandle,
  callback: () => void,
): Promise<(() => void) | null> {
  const { FileSystemObserver } = platform;
  if (!FileSystemObserver) return null;
  const observer = new FileSystemObserver(callback);
  try {
    await observer.observe(handle, { recursive: true });
    return () => observer.disconnect();
  } catch (error) {
    console.info('The folder is looked at every so often: its changes are not reported', error);
    return null;
  }
}
