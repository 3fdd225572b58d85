import { callServer } from '@/lib/client/http';
import {
  accountOf,
  currentLibrary,
  getSetting,
  libraryContents,
  mayBeOfferedTo,
  moveLibrary,
  setSetting,
  type TranscriptLibraryContents,
  type TranscriptLibraryId,
} from '@/lib/client/store';
import { signInApi } from '@/lib/contracts';
import { toAppError } from '@/lib/core';
import { t } from './messages';

/** The contents of another library that may be moved into this page's. */
export interface Offer {
  /** `null`: made without an account; else an account that the server no longer has. */
  from: TranscriptLibraryId;
  contents: TranscriptLibraryContents;
  /** The user has declined, or accepted what was there at the time: they are not asked again. */
  isAnswered: boolean;
}

/**
 * What may be moved into this library: into an account's, what was made while signed out; into the one without an
 * account, what deleted accounts have left here, since nobody can sign in to them.
 */
export async function findOffers(signal?: AbortSignal): Promise<Offer[]> {
  const library = currentLibrary();
  const sources = library === null ? await goneAccounts(signal) : await signedOut(library);
  const answered = await getSetting('answered');
  const offers: Offer[] = [];
  for (const from of sources) {
    const contents = await libraryContents(from);
    if (contents) offers.push({ from, contents, isAnswered: answered.includes(from) });
  }
  return offers;
}

async function signedOut(account: string): Promise<null[]> {
  return (await mayBeOfferedTo(account)) ? [null] : [];
}

/** Accounts that have a library here and are no longer known to the server. */
async function goneAccounts(signal?: AbortSignal): Promise<string[]> {
  // an older Firefox does not say which there are
  const databases = (await indexedDB.databases?.()) ?? [];
  const accounts = databases.flatMap(({ name = '' }) => accountOf(name) ?? []);
  if (accounts.length === 0) return [];
  try {
    const schema = signInApi.known.answer;
    const body = { accounts: accounts.slice(0, 50) };
    return (await callServer('POST', '/api/sign-in/known', { body, schema, signal })).gone;
  } catch (error) {
    const { code } = toAppError(error);
    // another time
    if (code === 'OFFLINE' || code === 'SERVER_BUSY' || code === 'RATE_LIMITED') return [];
    throw error;
  }
}

/** Accepts an offer. @returns how many transcripts were moved, and how many are still being recorded or read */
export async function takeOffer(from: TranscriptLibraryId) {
  const came = await moveLibrary(from, currentLibrary());
  await answerOffer(from);
  return came;
}

/** It is not asked again. */
export async function answerOffer(from: TranscriptLibraryId): Promise<void> {
  const answered = await getSetting('answered');
  if (!answered.includes(from)) await setSetting('answered', [...answered, from]);
}

/** `3 transcripts`, `1 transcript (not finished)`, `a custom vocabulary`. */
export function contentsText({ titles, unfinished, terms }: TranscriptLibraryContents): string {
  const count = titles.length;
  if (count === 0) return t('vocabularyNames', { count: terms });
  const what = t('transcripts', { count });
  if (unfinished === 0) return what;
  return count === 1
    ? t('notFinished', { transcripts: what })
    : t('someNotFinished', { transcripts: what, unfinished });
}
