'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { JobCard, useJobs, useTranscript } from '@/app/_features/library';
import { buttonClass, Notice } from '@/app/_features/ui';
import { t } from './messages';

/** What comes after stop: the recording is transcribed as a whole, then its page is shown. */
export function FinalPass({ id }: { id: string }) {
  // a better model's pass comes later, over a text that is there
  const job = useJobs().jobs.find((one) => one.id === id && !one.isSecondPass);
  const { data: record } = useTranscript(id);
  const router = useRouter();
  const href = `/transcripts/${id}`;
  const done = record?.state === 'complete';
  // one who stays here sees it come; one who comes back later finds the link
  const sawItRun = useRef(false);
  useEffect(() => {
    if (job) sawItRun.current = true;
    else if (done && sawItRun.current) router.push(href);
  }, [job, done, href, router]);
  if (job?.status === 'failed')
    return (
      <div className="space-y-3">
        <JobCard job={job} canMoveUp={false} canMoveDown={false} />
        {/* what is wrong with the text is said above; the sound is there */}
        <Link href={href} className={buttonClass('plain')}>
          {t('openRecording')}
        </Link>
      </div>
    );
  return (
    <div className="space-y-3">
      <Notice tone="info">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="min-w-0 flex-1 basis-56">
            {done ? t('savedAndTranscribed') : t('savedBeingTranscribed')}
          </p>
          <Link href={href} className={buttonClass('primary')}>
            {t('openTranscript')}
          </Link>
        </div>
      </Notice>
      {job && <JobCard job={job} canMoveUp={false} canMoveDown={false} />}
    </div>
  );
}
