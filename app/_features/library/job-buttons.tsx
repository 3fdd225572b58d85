'use client';

import {
  ArrowDown,
  ArrowUp,
  AudioLines,
  BookOpen,
  Mic,
  Pause,
  Play,
  RotateCcw,
  X,
} from 'lucide-react';
import Link from 'next/link';
import { useRef } from 'react';
import { ACCEPT, Button, buttonClass, CopyReport, IconButton } from '@/app/_features/ui';
import type { JobView } from '@/lib/client/jobs';
import { cancelJob, moveJob, pauseJob, resumeJob, retryJob } from './commands';
import { canChooseTrack, canRetry, failureReport } from './job-facts';
import { t } from './messages';

interface Props {
  job: JobView;
  /** The id of the element with the file's name: many jobs have buttons of the same names. */
  describedBy: string;
  canMoveUp: boolean;
  canMoveDown: boolean;
}

/** What can be done with a job in the state it is in. */
export function JobButtons({ job, describedBy, canMoveUp, canMoveDown }: Props) {
  const { id, status, hasText } = job;
  const waits = status === 'queued' || status === 'paused';
  const named = { 'aria-describedby': describedBy };
  // it is stopped where it is recorded
  if (status === 'recording')
    return (
      <Link href="/record" className={buttonClass('link')} {...named}>
        <Mic aria-hidden size={16} />
        {t('goToRecording')}
      </Link>
    );
  return (
    <>
      {hasText && (
        <Link href={`/transcripts/${id}`} prefetch className={buttonClass('link')} {...named}>
          <BookOpen aria-hidden size={16} />
          {t('readAlong')}
        </Link>
      )}
      {!hasText && canChooseTrack(job) && (
        <Link href={`/transcripts/${id}`} prefetch className={buttonClass('link')} {...named}>
          <AudioLines aria-hidden size={16} />
          {t('chooseAudioTrack')}
        </Link>
      )}
      {waits && canMoveUp && (
        <IconButton label={t('moveUp')} onClick={() => void moveJob(id, -1)} {...named}>
          <ArrowUp aria-hidden size={18} />
        </IconButton>
      )}
      {waits && canMoveDown && (
        <IconButton label={t('moveDown')} onClick={() => void moveJob(id, 1)} {...named}>
          <ArrowDown aria-hidden size={18} />
        </IconButton>
      )}
      {(status === 'running' || status === 'queued') && (
        <IconButton label={t('pause')} onClick={() => void pauseJob(id)} {...named}>
          <Pause aria-hidden size={18} />
        </IconButton>
      )}
      {status === 'paused' && (
        <Button icon={<Play aria-hidden size={16} />} onClick={() => void resumeJob(id)} {...named}>
          {t('resume')}
        </Button>
      )}
      {status === 'failed' && (
        <>
          {canRetry(job) && <Retry job={job} describedBy={describedBy} />}
          <CopyReport report={() => failureReport(job)} describedBy={describedBy} />
        </>
      )}
      <IconButton
        label={status === 'failed' ? t('remove') : t('cancel')}
        onClick={() => void cancelJob(job)}
        {...named}
      >
        <X aria-hidden size={18} />
      </IconButton>
    </>
  );
}

/** Tries again; where the recording is gone it is chosen again first. */
function Retry({ job, describedBy }: { job: JobView; describedBy: string }) {
  const chooser = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button
        icon={<RotateCcw aria-hidden size={16} />}
        aria-describedby={describedBy}
        onClick={() => (job.needsFile ? chooser.current?.click() : void retryJob(job))}
      >
        {t('retry')}
      </Button>
      {job.needsFile && (
        <input
          ref={chooser}
          type="file"
          accept={ACCEPT}
          hidden
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            event.target.value = '';
            if (file) void retryJob(job, file);
          }}
        />
      )}
    </>
  );
}
