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
