import { newId } from '@/lib/core';
import type { TranscriptLibraryId } from './library';

/** What the ids of private libraries begin with; no account's does. */
const PREFIX = 'private-';

/** Whether a library is kept in memory. Works in pages and in workers. */
export const isPrivateLibrary = (library: TranscriptLibraryId): boolean =>
  library?.startsWith(PREFIX) ?? false;

/** A library for this page alone: its channels and locks are no other tab's. */
export const newPrivateLibrary = (): TranscriptLibraryId => PREFIX + newId();
