'use client';

import { CircleUserRound } from 'lucide-react';
import Link from 'next/link';
import { usePathname, useRouter } from 'next/navigation';
import { useSyncExternalStore } from 'react';
import { MenuButton } from '@/app/_features/ui';
import { isPrivateSession } from '@/lib/core';
import { signOutHere, useSignInFacts } from './account';
import { t } from './messages';
import { lastKnownUser, useSession } from './session';

/** Pages that are about signing in themselves, and those of readers, who need no account. */
const NOT_OFFERED = /^\/(sign-in|setup|invite|reset|s\/.*)$/;

const never = () => () => undefined;
const wasSignedIn = () => lastKnownUser() !== undefined;
const readOnServer = () => false;

/**
 * The account in the header. Not shown on a single-user install: signing in is offered only if somebody was signed
 * in here before, or if the server has accounts.
 */
export function AccountEntry() {
  const here = usePathname();
  const router = useRouter();
  const session = useSession();
  const isKnown = useSyncExternalStore(never, wasSignedIn, readOnServer);
  const isOffered = !NOT_OFFERED.test(here) && !isPrivateSession();
  const facts = useSignInFacts(session === null && isOffered && !isKnown);
  if (session === undefined) return null;
  if (session)
    return (
      <div data-account className="-ms-3 max-[26rem]:ms-0">
        <MenuButton
          compact
          label={t('accountOf', { name: session.user.name })}
          icon={<CircleUserRound aria-hidden size={20} />}
          items={[
            {
              key: 'settings',
              label: t('accountSettings'),
              run: () => router.push('/settings#account'),
            },
            { key: 'inbox', label: t('inbox'), run: () => router.push('/inbox') },
            {
              key: 'training-set',
              label: t('trainingSet'),
              run: () => router.push('/dataset'),
            },
            ...(session.user.role === 'owner'
              ? [{ key: 'workers', label: t('workers'), run: () => router.push('/admin') }]
              : []),
            {
              key: 'sign-out',
              label: t('signOut'),
              run: () => void signOutHere(),
            },
          ]}
        />
      </div>
    );
  if (!isOffered || !(isKnown || facts.data?.accounts)) return null;
  return (
    <Link
      data-account
      href="/sign-in"
      className="-ms-3 inline-flex min-h-10 items-center rounded-lg px-2 text-muted text-sm hover:bg-sunken hover:text-ink max-[26rem]:ms-0 max-[26rem]:px-1 sm:px-3"
    >
      {t('signIn')}
    </Link>
  );
}
