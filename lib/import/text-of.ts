/** The text of a file: UTF-8 or, by its first bytes, UTF-16; what is neither is read as Windows-1252. */
export async function textOf(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const [first, second] = bytes;
  // by the mark that it begins with, or else by its first character, which is a figure, a letter or a bracket
  if ((first === 0xff && second === 0xfe) || second === 0)
    return new TextDecoder('utf-16le').decode(bytes);
  if ((first === 0xfe && second === 0xff) || first === 0)
    return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // old subtitles, and tables saved by Excel, have the character set of the system they were made on
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
