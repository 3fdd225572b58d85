'use client';

import { useEffect } from 'react';
import './globals.css';

/** Stands in for the whole page when even its frame broke. */
export default function GlobalError({ error }: { error: unknown }) {
  useEffect(() => {
    console.error(error);
  }, [error]);
  return (
    <html lang="en">
      <body className="bg-bg font-sans text-ink">
        <title>AI2Text stopped working</title>
        <main role="alert" className="mx-auto max-w-prose space-y-4 px-6 py-24">
          <h1 className="text-3xl">AI2Text stopped working</h1>
          <p>Your transcripts are kept in this browser. Reload the page to go on.</p>
          <button
            type="button"
            className="min-h-10 rounded-lg bg-accent px-4 font-medium text-on-accent"
            onClick={() => window.location.reload()}
          >
            Reload
          </button>
        </main>
      </body>
    </html>
  );
}
