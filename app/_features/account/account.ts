'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { queryKeys } from '@/app/_features/app';
import { attempt, errorSentence, keepToast, showToast } from '@/app/_features/ui';
import { callServer, publicOrigin, serverFetch } from '@/lib/client/http';
import { leaveAccount } from '@/lib/client/store';
import {
  accountApi,
  authApi,
  type Invitation,
  linksApi,
  type Member,
  membersApi,
  type ProviderIntent,
  type SignedInDevice,
  type SignInProvider,
  signInApi,
} from '@/lib/contracts';
import { safePath, toAppError } from '@/lib/core';
import { t } from './messages';
import { goOnAt, leavePage, pageStore, refuseWhileBusy } from './page-library';
import { fetchSession, rememberUser } from './session';

/** The server creates its database with the first account, which takes half a minute on slow machines. */
const SETUP_TIMEOUT_MS = 120_000;
/** A provider is asked for its addresses first. */
const PROVIDER_TIMEOUT_MS = 30_000;

export type { Invitation, Member, ProviderIntent, SignedInDevice, SignInProvider };

/** What a new account is made of. */
export interface NewAccount {
  name: string;
  email: string;
  password: string;
}

/** Posts to next-auth, with its CSRF token. */
async function writeAuth(path: string, body: object, timeoutMs?: number): Promise<string> {
  const { csrfToken } = await callServer('GET', '/api/auth/csrf', {
    schema: authApi.csrf.answer,
  });
  const { url } = await callServer('POST', `/api/auth/${path}`, {
    body: { csrfToken, ...body },
    schema: authApi.signIn.answer,
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
  return url;
}

/**
 * Signs this browser in.
 * @throws UNAUTHENTICATED for a wrong address or password; RATE_LIMITED, OFFLINE, SERVER_BUSY
 */
export async function signIn(email: string, password: string): Promise<void> {
  // always with a path: the default is the page's whole address, which may hold a key
  await writeAuth('callback/credentials', { email, password, callbackUrl: '/' });
}

/** Signs this browser out; the server forgets its session. */
async function signOut(): Promise<void> {
  await writeAuth('signout', { callbackUrl: '/' });
}

/**
 * Leaves this page for the provider's sign-in page; afterwards the browser continues at `path`.
 * @throws SERVER_BUSY when the provider does not answer; OFFLINE; RECORDING_UNDER_WAY, COPY_UNDER_WAY
 */
export async function goToProvider(
  id: string,
  path: string,
  intent?: ProviderIntent,
): Promise<void> {
  const isLinking = intent?.kind === 'link';
  if (!isLinking) await refuseWhileBusy();
  const body = { callbackUrl: safePath(path), ...(intent && { intent }) };
  const url = await writeAuth(`signin/${encodeURIComponent(id)}`, body, PROVIDER_TIMEOUT_MS);
  // the returning user must not see the previous user's library
  if (!isLinking) {
    goOnAt(url);
    rememberUser(null);
  }
  window.location.assign(url);
}

/** Whether there may be accounts on this server, and which providers there are. */
const fetchSignInFacts = (signal?: AbortSignal) =>
  callServer('GET', '/api/sign-in', { schema: signInApi.facts.answer, signal });

/** How the user signs in, and how else they could. */
const fetchSignInMethods = (signal?: AbortSignal) =>
  callServer('GET', '/api/account', { schema: accountApi.read.answer, signal });

/** Unlinks a provider's account. @throws SYNC_CONFLICT when the user would have no other way to sign in */
export const unlinkProvider = (id: string) =>
  serverFetch('DELETE', `/api/account/providers/${encodeURIComponent(id)}`);

/**
 * Changes the user's own password and signs them out everywhere else.
 * @throws FORBIDDEN when the current one is wrong
 */
export const changePassword = (current: string, next: string) =>
  serverFetch('POST', '/api/account/password', { body: { current, next } });

/** Where the user is signed in. */
async function fetchDevices(signal?: AbortSignal): Promise<SignedInDevice[]> {
  const schema = accountApi.sessions.answer;
  return (await callServer('GET', '/api/sessions', { schema, signal })).sessions;
}

/** Signs the user out on one device. */
export const endSession = (id: string) => serverFetch('DELETE', `/api/sessions/${id}`);

/** Signs the user out everywhere but here. */
export const endOtherSessions = () => serverFetch('DELETE', '/api/sessions');

/** @throws FORBIDDEN for a wrong link, NOT_FOUND for an expired one, SYNC_CONFLICT when done already */
export const checkSetup = (token: string, signal?: AbortSignal) =>
  serverFetch('POST', '/api/setup/check', { body: { token }, signal, timeoutMs: SETUP_TIMEOUT_MS });

/** Makes the owner's account and signs this browser in. @throws as `checkSetup` */
export const setUp = (token: string, account: NewAccount) =>
  serverFetch('POST', '/api/setup', { body: { token, account }, timeoutMs: SETUP_TIMEOUT_MS });

/** Who invites with a link. @throws NOT_FOUND when it was used, revoked, or has expired */
export const checkInvitation = (token: string, signal?: AbortSignal) =>
  callServer('POST', '/api/invitations/check', {
    body: { token },
    schema: linksApi.checkInvitation.answer,
    signal,
  });

/** Makes an account and signs this browser in. @throws NOT_FOUND; SYNC_CONFLICT: address taken */
export const acceptInvitation = (token: string, account: NewAccount) =>
  serverFetch('POST', '/api/invitations/accept', { body: { token, account } });

/** The invitations that are open. */
async function fetchInvitations(signal?: AbortSignal): Promise<Invitation[]> {
  const schema = membersApi.invitations.answer;
  return (await callServer('GET', '/api/invitations', { schema, signal })).invitations;
}

/** The address of a page with a secret in its fragment, which browsers never send. */
const linkTo = (page: string, token: string) => `${publicOrigin()}/${page}#${token}`;

/** Makes an invitation. @returns its link, which cannot be shown again */
export async function createInvitation(note: string): Promise<string> {
  const schema = membersApi.invite.answer;
  const { token } = await callServer('POST', '/api/invitations', { body: { note }, schema });
  return linkTo('invite', token);
}

/** Takes an invitation back. */
export const revokeInvitation = (id: string) => serverFetch('DELETE', `/api/invitations/${id}`);

/** Everyone who has an account here. */
async function fetchMembers(signal?: AbortSignal): Promise<Member[]> {
  const schema = membersApi.list.answer;
  return (await callServer('GET', '/api/members', { schema, signal })).members;
}

/** Removes a member's account with all the server has of it. */
export const removeMember = (id: string) => serverFetch('DELETE', `/api/members/${id}`);

/** @returns a link by which a member chooses a new password */
export async function createResetLink(id: string): Promise<string> {
  const schema = membersApi.reset.answer;
  return linkTo('reset', (await callServer('POST', `/api/members/${id}/reset`, { schema })).token);
}

/** Whose password a link changes. @throws NOT_FOUND when it was used, or is over */
export const checkReset = (token: string, signal?: AbortSignal) =>
  callServer('POST', '/api/password-reset/check', {
    body: { token },
    schema: linksApi.checkReset.answer,
    signal,
  });

/** Sets the password that a link was made for and signs this browser in. */
export const resetPassword = (token: string, password: string) =>
  serverFetch('POST', '/api/password-reset', { body: { token, password } });

/**
 * Signs somebody in, and continues at `path` with their library, which is a page of its own.
 * @param step what signs them in
 * @param text said there
 * @throws what `step` throws; RECORDING_UNDER_WAY, COPY_UNDER_WAY
 */
export async function signInBy(
  step: () => Promise<unknown>,
  path: string,
  text?: string,
): Promise<void> {
  await refuseWhileBusy();
  await step();
  if (text) keepToast(text);
  goOnAt(path);
  await fetchSession();
  if (pageStore.getState().state === 'open') leavePage(path);
}

/** Signs this browser out and says so. @param anyway also while a file is not copied yet */
export async function signOutHere(anyway = false): Promise<void> {
  try {
    await refuseWhileBusy();
  } catch (error) {
    const { code } = toAppError(error);
    if (code === 'COPY_UNDER_WAY' && !anyway) {
      showToast({
        text: t('stillCopying'),
        action: { label: t('signOutAnyway'), run: () => signOutHere(true) },
      });
      return;
    }
    if (code !== 'COPY_UNDER_WAY') {
      showToast({ text: errorSentence(code), tone: 'danger' });
      return;
    }
  }
  if (!(await attempt(signOut))) return;
  // what other devices have is up to them to report, at the next sign-in
  await leaveAccount().catch((error: unknown) =>
    console.warn('The list of other devices was not cleared', error),
  );
  keepToast(t('signedOut'));
  // an address of a transcript is of no use to who is signed out
  if (window.location.pathname.startsWith('/transcripts/')) goOnAt('/');
  rememberUser(null);
}

/** What the server has is looked up again when a page that shows it is opened, in ms. */
const FRESH_MS = 10_000;

/** Whether there may be accounts on this server, and its providers; `undefined` until known. */
export function useSignInFacts(enabled = true) {
  return useQuery({
    queryKey: queryKeys.signInFacts,
    queryFn: ({ signal }) => fetchSignInFacts(signal),
    enabled,
  });
}

/** How the user signs in. */
export function useSignInMethods() {
  return useQuery({
    queryKey: queryKeys.signInMethods,
    queryFn: ({ signal }) => fetchSignInMethods(signal),
    staleTime: FRESH_MS,
  });
}

/** Where the user is signed in. */
export function useDevices() {
  return useQuery({
    queryKey: queryKeys.sessions,
    queryFn: ({ signal }) => fetchDevices(signal),
    staleTime: FRESH_MS,
  });
}

/** Everyone who has an account here; for the owner. */
export function useMembers() {
  return useQuery({
    queryKey: queryKeys.members,
    queryFn: ({ signal }) => fetchMembers(signal),
    staleTime: FRESH_MS,
  });
}

/** The invitations that are open; for the owner. */
export function useInvitations() {
  return useQuery({
    queryKey: queryKeys.invitations,
    queryFn: ({ signal }) => fetchInvitations(signal),
    staleTime: FRESH_MS,
  });
}

/** Reads again what of the account is on the page. */
export function useRefresh() {
  const client = useQueryClient();
  return useCallback(() => client.invalidateQueries({ queryKey: queryKeys.account }), [client]);
}

/**
 * The secret of a link, from the fragment of the address; `null` until it is read. It is read when the page
 * opens and when the address is changed by hand, but not when the app navigates elsewhere.
 */
export function useLinkToken(): string | null {
  const [token, setToken] = useState<string | null>(null);
  useEffect(() => {
    const read = () => setToken(window.location.hash.slice(1));
    read();
    window.addEventListener('hashchange', read);
    return () => window.removeEventListener('hashchange', read);
  }, []);
  return token;
}
