'use client';

import { useEffect } from 'react';

/**
 * Names the tab in the language of the page. What the build rendered is English, and Next may put that
 * in its place again once the page is alive.
 */
export function usePageTitle(title: string): void {
  useEffect(() => {
    const wanted = `${title} · AI2Text`;
    const put = () => {
      // something may stand before it: what a recording is doing
      if (!document.title.endsWith(wanted)) document.title = wanted;
    };
    put();
    const observer = new MutationObserver(put);
    observer.observe(document.head, { childList: true, subtree: true, characterData: true });
    return () => observer.disconnect();
  }, [title]);
}
