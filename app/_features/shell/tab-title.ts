/**
 * Puts a text in front of the tab's title, whatever pages make of the title meanwhile.
 * @returns takes it away
 */
export function prefixTitle(prefix: string): () => void {
  const put = () => {
    if (!document.title.startsWith(prefix)) document.title = prefix + document.title;
  };
  put();
  const observer = new MutationObserver(put);
  observer.observe(document.head, { childList: true, subtree: true, characterData: true });
  return () => {
    observer.disconnect();
    if (document.title.startsWith(prefix)) document.title = document.title.slice(prefix.length);
  };
}
