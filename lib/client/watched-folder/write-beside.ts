/** Names that are tried before one is given up. */
const MAX_NAMES = 100;

/**
 * Writes a file beside a recording, named like it. A file of that name is never replaced: then a number is
 * put behind the name.
 * @param path of the recording, from the folder
 * @param extension without the dot
 * @returns its path
 */
export async function writeBeside(
  root: FileSystemDirectoryHandle,
  path: string,
  extension: string,
  content: Blob,
): Promise<string> {
  const steps = path.split('/');
  const name = steps.pop() ?? path;
  let folder = root;
  for (const step of steps) folder = await folder.getDirectoryHandle(step);
  const bare = name.replace(/\.[^.]+$/, '');
  for (let number = 1; number <= MAX_NAMES; number++) {
    const wanted = `${bare}${number === 1 ? '' : ` ${number}`}.${extension}`;
    if (await exists(folder, wanted)) continue;
    const handle = await folder.getFileHandle(wanted, { create: true });
    // it appears whole or not at all: what is written lies in another file until it is closed
    const out = await handle.createWritable();
    await out.write(content);
    await out.close();
    return [...steps, wanted].join('/');
  }
  throw new DOMException(
    `There are ${MAX_NAMES} files like ${bare}.${extension}.`,
    'InvalidStateError',
  );
}

async function exists(folder: FileSystemDirectoryHandle, name: string): Promise<boolean> {
  try {
    await folder.getFileHandle(name);
    return true;
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    // a folder has that name
    if (error.name === 'TypeMismatchError') return true;
    if (error.name === 'NotFoundError') return false;
    throw error;
  }
}
