'use client';

import { useState } from 'react';
import {
  attempt,
  Button,
  CopyLink,
  Dialog,
  focusMain,
  formatDate,
  Panel,
  QueryProblem,
  showToast,
} from '@/app/_features/ui';
import { createResetLink, type Member, removeMember } from './account';
import { t } from './messages';
import { useMembers, useRefresh } from './use-account';

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
