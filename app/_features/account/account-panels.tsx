'use client';

import Link from 'next/link';
import { type ReactNode, useEffect, useRef } from 'react';
import {
  attempt,
  Button,
  buttonClass,
  FormProblem,
  formatDate,
  keepFocus,
  Panel,
  QueryProblem,
  showToast,
} from '@/app/_features/ui';
import {
  endOtherSessions,
  endSession,
  type SignedInDevice,
  signOutHere,
  useDevices,
  useRefresh,
  useSignInFacts,
} from './account';
import { signInProblem } from './account-texts';
import { deviceName } from './device-facts';
import { InvitationsPanel, MembersPanel } from './members-panel';
import { t } from './messages';
import { type SessionUser, useSession } from './session';
import { SignInMethods } from './sign-in-methods';

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

/** Where the user is signed in; each of them can be signed out from here. */
function DeviceList() {
  const { data: devices, error, refetch } = useDevices();
  const refresh = useRefresh();
  const region = useRef<HTMLDivElement>(null);
  useEffect(() => (region.current ? keepFocus(region.current) : undefined), []);

  const end = async (step: () => Promise<unknown>, said: string) => {
    const done = await attempt(step);
    await refresh();
    if (done) showToast({ text: said });
  };

  return (
    <div ref={region}>
      <h3 className="font-medium text-sm">{t('signedInOn')}</h3>
      {error && !devices && <QueryProblem error={error} onRetry={() => void refetch()} />}
      <ul aria-label={t('devices')} className="mt-1 divide-y divide-line">
        {devices?.map((device) => (
          <Device
            key={device.id}
            device={device}
            onEnd={() =>
              void end(
                () => endSession(device.id),
                t('deviceSignedOut', { device: deviceName(device.device) }),
              )
            }
          />
        ))}
      </ul>
      {devices && devices.length > 1 && (
        <Button
          className="mt-2"
          onClick={() => void end(endOtherSessions, t('signedOutElsewhere'))}
        >
          {t('signOutElsewhere')}
        </Button>
      )}
    </div>
  );
}

function Device({ device, onEnd }: { device: SignedInDevice; onEnd: () => void }) {
  const name = deviceName(device.device);
  return (
    <li className="flex flex-wrap items-center gap-x-3 py-1.5 text-sm">
      <span id={`device-${device.id}`} className="min-h-10 min-w-0 flex-1 content-center">
        {name}
        <span className="text-muted">
          {' · '}
          {device.current
            ? t('thisDevice')
            : t('lastUsed', { date: formatDate(device.lastSeenAt) })}
        </span>
      </span>
      {!device.current && (
        <Button
          tone="quiet"
          className="last:-me-3.5"
          aria-label={t('signOutDevice', { name })}
          aria-describedby={`device-${device.id}`}
          onClick={onEnd}
        >
          {t('signOut')}
        </Button>
      )}
    </li>
  );
}
