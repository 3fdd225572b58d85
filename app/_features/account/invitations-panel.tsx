'use client';

import { useEffect, useRef, useState } from 'react';
import {
  attempt,
  Button,
  CopyLink,
  Field,
  FormProblem,
  formatDate,
  keepFocus,
  Panel,
  QueryProblem,
  showToast,
  useForm,
} from '@/app/_features/ui';
import { ACCOUNT_LIMITS } from '@/lib/contracts';
import { createInvitation, type Invitation, revokeInvitation } from './account';
import { problemText } from './account-texts';
import { t } from './messages';
import { useInvitations, useRefresh } from './use-account';

/** The owner lets others in: each by a link that works once. */
export function InvitationsPanel() {
  const { data: invitations, error, refetch } = useInvitations();
  const refresh = useRefresh();
  const region = useRef<HTMLUListElement>(null);
  useEffect(() => (region.current ? keepFocus(region.current) : undefined), []);

  const revoke = async ({ id }: Invitation) => {
    const done = await attempt(() => revokeInvitation(id));
    await refresh();
    if (done) showToast({ text: t('invitationRevoked') });
  };

  return (
    <Panel split title={t('invitations')}>
      <InviteForm />
      {error && !invitations && <QueryProblem error={error} onRetry={() => void refetch()} />}
      <ul ref={region} aria-label={t('invitations')} className="mt-4 divide-y divide-line">
        {invitations?.map((invitation) => (
          <li
            key={invitation.id}
            className="flex flex-wrap items-center gap-x-3 py-1.5 text-sm [overflow-wrap:anywhere]"
          >
            <span id={`invitation-${invitation.id}`} className="min-w-0 flex-1">
              {invitation.note || t('withoutNote')}
              <span className="text-muted">
                {' '}
                {' · '}
                {t('openUntil', { date: formatDate(invitation.expiresAt) })}
              </span>
            </span>
            <Button
              tone="quiet"
              className="last:-me-3.5"
              aria-describedby={`invitation-${invitation.id}`}
              onClick={() => void revoke(invitation)}
            >
              {t('withdraw')}
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function InviteForm() {
  const refresh = useRefresh();
  const [link, setLink] = useState<string | null>(null);
  const form = useForm({
    fields: ['note'],
    check: () => ({}),
    async send({ note }) {
      setLink(null);
      setLink(await createInvitation(note));
      await refresh();
    },
    explain: (error) => problemText(error),
  });
  return (
    <form noValidate onSubmit={(event) => void form.submit(event)} className="space-y-3">
      <Field
        label={t('forWhom')}
        name="note"
        maxLength={ACCOUNT_LIMITS.noteChars}
        autoComplete="off"
        hint={t('noteHint')}
      />
      <FormProblem>{form.problem}</FormProblem>
      <Button type="submit" aria-disabled={form.busy}>
        {t('createInvitation')}
      </Button>
      {link !== null && <CopyLink key={link} label={t('invitationLink')} link={link} />}
      {link !== null && <p className="text-muted text-sm">{t('sendItNow')}</p>}
    </form>
  );
}
