'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { Button, buttonClass, FormProblem, Panel } from '@/app/_features/ui';
import { signOutHere } from './account-switch';
import { signInProblem } from './account-texts';
import { DeviceList } from './device-list';
import { InvitationsPanel } from './invitations-panel';
import { MembersPanel } from './members-panel';
import { t } from './messages';
import type { SessionUser } from './session';
import { SignInMethods } from './sign-in-methods';
import { useSignInFacts } from './use-account';
import { useSession } from './use-session';

/**
 * What there is to choose about the user's account, and for the owner about those of others.
 * @param renderSync renders the choice of what the user's other devices see
 */
export function AccountPanels({ renderSync }: { renderSync(owner: string): ReactNode }) {
  const session = useSession();
  return (
    <>
      <div id="account">
        <Panel split title={t('account')}>
          {session ? (
            <Account user={session.user} sync={renderSync(session.user.id)} />
          ) : (
            session === null && <NoAccount />
          )}
        </Panel>
      </div>
      {session?.user.role === 'owner' && (
        <>
          <MembersPanel />
          <InvitationsPanel />
        </>
      )}
    </>
  );
}

function NoAccount() {
  const { data } = useSignInFacts();
  return (
    <>
      <p className="text-sm">{t('noAccountNeeded')}</p>
      {data?.accounts ? (
        <Link href="/sign-in?callbackUrl=/settings" className={`mt-3 ${buttonClass()}`}>
          {t('signIn')}
        </Link>
      ) : (
        <p className="mt-2 text-muted text-sm">{t('noAccountsYet')}</p>
      )}
    </>
  );
}

function Account({ user, sync }: { user: SessionUser; sync: ReactNode }) {
  return (
    <div className="space-y-8">
      <ReturnedProblem />
      <div className="flex flex-wrap items-center justify-between gap-3 text-sm">
        <p className="min-w-0 [overflow-wrap:anywhere]">
          <strong className="block font-medium">{user.name}</strong>
          <span className="text-muted">
            {user.email}
            {user.role === 'owner' && ` · ${t('ownerOfServer')}`}
          </span>
        </p>
        <Button onClick={() => void signOutHere()}>{t('signOut')}</Button>
      </div>
      {sync}
      <SignInMethods user={user} />
      <DeviceList />
    </div>
  );
}

/** Why linking a provider did not work, when the browser has just come back from it. */
function ReturnedProblem() {
  const reason = new URLSearchParams(window.location.search).get('error');
  const problem = signInProblem(reason);
  return problem && <FormProblem>{problem}</FormProblem>;
}
