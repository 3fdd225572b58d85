'use client';

import { usePageTitle } from '@/app/_features/i18n';
import { Notice } from '@/app/_features/ui';
import { acceptInvitation, checkInvitation } from './account';
import { signInBy } from './account-switch';
import { INVITE_CODES } from './account-texts';
import { LinkPage } from './link-page';
import { t } from './messages';
import { NewAccountForm } from './new-account-form';
import { ProviderButtons } from './provider-buttons';
import { useSignInFacts } from './use-account';
import { useSession } from './use-session';

/** Makes the account that an invitation is for. */
export function InvitePage() {
  usePageTitle(t('invitation'));
  const facts = useSignInFacts();
  const session = useSession();
  return (
    <LinkPage
      title={t('youAreInvited')}
      name="invite"
      missing={t('inviteLinkMissing')}
      codes={INVITE_CODES}
      check={checkInvitation}
    >
      {(token, { invitedBy }) => (
        <>
          <p>
            {t.rich('invitesYou', {
              name: invitedBy,
              strong: (name) => <strong>{name}</strong>,
            })}
          </p>
          {session && (
            <Notice tone="warn">{t('signedInAlready', { name: session.user.name })}</Notice>
          )}
          <NewAccountForm
            codes={INVITE_CODES}
            waiting={t('accountBeingMade')}
            send={(account) =>
              signInBy(() => acceptInvitation(token, account), '/', t('accountMade'))
            }
          />
          <ProviderButtons
            providers={facts.data?.providers ?? []}
            path="/"
            intent={{ kind: 'invite', token }}
          />
        </>
      )}
    </LinkPage>
  );
}
