'use client';

import { useEffect } from 'react';

/** Names the tab in the language of the page: what the build rendered is English. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · AI2Text`;
  }, [title]);
}
