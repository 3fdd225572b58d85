'use client';

import { checkSetup, setUp } from './account';
import { signInBy } from './account-switch';
import { SETUP_CODES } from './account-texts';
import { LinkPage } from './link-page';
import { NewAccountForm } from './new-account-form';
import { ProviderButtons } from './provider-buttons';
import { useSignInFacts } from './use-account';

/** Makes the account of this server's owner, once, by the link that the server printed. */
export function SetupPage() {
  const facts = useSignInFacts();
  return (
    <LinkPage
      title="Set up this server"
      name="setup"
      missing="This page needs the whole link that the server printed when it started. Restart the server to see a new one."
      codes={SETUP_CODES}
      check={checkSetup}
    >
      {(token) => (
        <>
          <p>
            Make the account of this server’s owner. The owner invites the others; nobody can sign
            up on their own.
          </p>
          <NewAccountForm
            codes={SETUP_CODES}
            waiting="The server is preparing its database. The first time this takes up to half a minute."
            send={(account) =>
              signInBy(
                () => setUp(token, account),
                '/settings#account',
                'You are the owner of this server. Invite others below.',
              )
            }
          />
          <ProviderButtons
            providers={facts.data?.providers ?? []}
            path="/settings"
            intent={{ kind: 'setup', token }}
          />
        </>
      )}
    </LinkPage>
  );
}
