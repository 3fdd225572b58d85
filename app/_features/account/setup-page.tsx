'use client';

import { usePageTitle } from '@/app/_features/i18n';
import { checkSetup, setUp } from './account';
import { signInBy } from './account-switch';
import { SETUP_CODES } from './account-texts';
import { LinkPage } from './link-page';
import { t } from './messages';
import { NewAccountForm } from './new-account-form';
import { ProviderButtons } from './provider-buttons';
import { useSignInFacts } from './use-account';

/** Makes the account of this server's owner, once, by the link that the server printed. */
export function SetupPage() {
  usePageTitle(t('setUp'));
  const facts = useSignInFacts();
  return (
    <LinkPage
      title={t('setUpServer')}
      name="setup"
      missing={t('setupLinkMissing')}
      codes={SETUP_CODES}
      check={checkSetup}
    >
      {(token) => (
        <>
          <p>{t('setupHint')}</p>
          <NewAccountForm
            codes={SETUP_CODES}
            waiting={t('databaseBeingMade')}
            send={(account) =>
              signInBy(() => setUp(token, account), '/settings#account', t('youAreOwner'))
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
