'use client';

import { useEffect, useRef, useState } from 'react';
import {
  attempt,
  Button,
  CopyLink,
  Dialog,
  Field,
  FormProblem,
  focusMain,
  formatDate,
  keepFocus,
  Panel,
  QueryProblem,
  showToast,
  useForm,
} from '@/app/_features/ui';
import { ACCOUNT_LIMITS } from '@/lib/contracts';
import {
  createInvitation,
  createResetLink,
  type Invitation,
  type Member,
  removeMember,
  revokeInvitation,
  useInvitations,
  useMembers,
  useRefresh,
} from './account';
import { problemText } from './account-texts';
import { t } from './messages';

/** Everyone who has an account on this server. */
export function MembersPanel() {
  const { data: members, error, refetch } = useMembers();
  return (
    <Panel split title={t('members')}>
      {error && !members && <QueryProblem error={error} onRetry={() => void refetch()} />}
      <ul aria-label={t('members')} className="divide-y divide-line">
        {members?.map((member) => (
          <MemberItem key={member.id} member={member} />
        ))}
      </ul>
    </Panel>
  );
}

function MemberItem({ member }: { member: Member }) {
  const { id, name, email, role, lastSeenAt } = member;
  const refresh = useRefresh();
  const [asking, setAsking] = useState(false);
  const [link, setLink] = useState<string | null>(null);

  const remove = async () => {
    setAsking(false);
    const done = await attempt(() => removeMember(id));
    await refresh();
    // the row goes away with the button that has the focus
    focusMain();
    if (done) showToast({ text: t('memberRemoved', { name }) });
  };

  return (
    <li className="flex flex-wrap items-center gap-x-3 py-2 text-sm">
      <span
        id={`member-${id}`}
        className="min-w-0 flex-1 basis-full [overflow-wrap:anywhere] sm:basis-0"
      >
        {name}
        <span className="block text-muted">
          {email} · {role === 'owner' ? t('owner') : seenText(lastSeenAt)}
        </span>
      </span>
      {role === 'member' && (
        <>
          <Button
            tone="quiet"
            className="last:-me-3.5"
            aria-describedby={`member-${id}`}
            onClick={() => void attempt(async () => setLink(await createResetLink(id)))}
          >
            {t('passwordLink')}
          </Button>
          <Button
            tone="quiet"
            className="last:-me-3.5"
            aria-describedby={`member-${id}`}
            onClick={() => setAsking(true)}
          >
            {t('remove')}
          </Button>
        </>
      )}
      {link !== null && (
        <Dialog title={t('aNewPassword')} onClose={() => setLink(null)}>
          <p className="mb-4 text-sm">{t('passwordLinkHint', { name })}</p>
          <CopyLink label={t('passwordLink')} link={link} />
        </Dialog>
      )}
      {asking && (
        <Dialog title={t('askRemove', { name })} onClose={() => setAsking(false)}>
          <p className="text-sm">{t('removeHint', { name })}</p>
          <div className="mt-5 flex flex-wrap justify-end gap-2">
            <Button onClick={() => setAsking(false)}>{t('keepAccount')}</Button>
            <Button tone="danger" onClick={() => void remove()}>
              {t('removeForGood')}
            </Button>
          </div>
        </Dialog>
      )}
    </li>
  );
}

function seenText(lastSeenAt: string | null): string {
  return lastSeenAt === null
    ? t('signedInNowhere')
    : t('lastSeen', { date: formatDate(lastSeenAt) });
}

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
