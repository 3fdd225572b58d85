'use client';

import { Notice } from '@/app/_features/ui';
import { acceptInvitation, checkInvitation } from './account';
import { signInBy } from './account-switch';
import { INVITE_CODES } from './account-texts';
import { LinkPage } from './link-page';
import { NewAccountForm } from './new-account-form';
import { ProviderButtons } from './provider-buttons';
import { useSignInFacts } from './use-account';
import { useSession } from './use-session';

/** Makes the account that an invitation is for. */
export function InvitePage() {
  const facts = useSignInFacts();
  const session = useSession();
  return (
    <LinkPage
      title="You are invited"
      name="invite"
      missing="This page needs the whole link of an invitation. Copy it again, to the last letter."
      codes={INVITE_CODES}
      check={checkInvitation}
    >
      {(token, { invitedBy }) => (
        <>
          <p>
            <strong>{invitedBy}</strong> invites you to this server. With an account the list of
            your transcripts follows you across your devices, and you can share transcripts by link.
            The recordings and their text stay on your devices.
          </p>
          {session && (
            <Notice tone="warn">
              You are signed in as {session.user.name}. Accepting makes another account and signs
              you out of this one here.
            </Notice>
          )}
          <NewAccountForm
            codes={INVITE_CODES}
            waiting="The server is making your account …"
            send={(account) =>
              signInBy(
                () => acceptInvitation(token, account),
                '/',
                'Your account was made, and you are signed in.',
              )
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
