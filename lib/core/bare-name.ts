/** A file's name without its extension; the whole name where nothing else is left of it. */
export const bareName = (fileName: string): string =>
  fileName.replace(/\.[a-z0-9]{1,5}$/i, '').trim() || fileName;
