'use client';

import Link from 'next/link';
import { toAppError } from '@/lib/core/errors';
import { useTranscriptId } from '../../_hooks/use-address';
import { useTranscript } from '../../_hooks/use-transcript';
import { errorSentence } from '../error-text';
import { buttonClass } from '../ui/button';
import { Notice } from '../ui/notice';
import { TranscriptTools } from './context';
import { TranscriptView } from './transcript-view';

/** The page of one transcript, by the id in the address. */
export function TranscriptPage() {
  const id = useTranscriptId();
  return id === null ? null : <KnownTranscript key={id} id={id} />;
}

function KnownTranscript({ id }: { id: string }) {
  const { data: record, error } = useTranscript(id);
  if (error)
    return (
      <Notice tone="danger">
        <p>{errorSentence(toAppError(error).code)}</p>
      </Notice>
    );
  // read within a few milliseconds: words that come and go would only flicker
  if (record === undefined) return null;
  if (record === null) return <NotHere />;
  return (
    <TranscriptTools id={id}>
      <TranscriptView record={record} />
    </TranscriptTools>
  );
}

function NotHere() {
  return (
    <div className="max-w-prose space-y-4 py-16">
      <title>Not found · AI2Text</title>
      <h1 className="text-3xl">There is no such transcript here</h1>
      <p className="text-muted">
        Transcripts are kept in the browser that made them. This one was deleted, or made in another
        browser or on another device.
      </p>
      <Link href="/" className={buttonClass('primary')}>
        Back to the library
      </Link>
    </div>
  );
}
