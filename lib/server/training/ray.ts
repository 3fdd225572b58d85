import 'server-only';
import { z } from 'zod';
import { AppError } from '@/lib/core';
import type { TrainingSettings } from '@/lib/server/process';
import type { RunRow } from './run-token';
import { askTrainer, type JobState, jobOf, type Trainer } from './trainer';

/** What we read of a job; https://docs.ray.io/en/latest/cluster/running-applications/job-submission/api.html */
const jobSchema = z.looseObject({ status: z.string(), message: z.string().nullish() });

const STATES: Record<string, JobState> = {
  PENDING: 'running',
  RUNNING: 'running',
  STOPPED: 'stopped',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
};

/** A Ray cluster, by the REST API of its jobs. A job is named by its run's start, so that it is made once. */
export function rayTrainer(settings: TrainingSettings): Trainer {
  const jobs = `${settings.url}/api/jobs/`;
  const nameOf = ({ delivery }: RunRow) => `ai2text-${delivery}`;

  const find = async (run: RunRow) => {
    const { status, text } = await askTrainer(`${jobs}${nameOf(run)}`, { method: 'GET' });
    if (status === 404) return null;
    const job = status === 200 ? jobSchema.safeParse(parsed(text)) : null;
    if (!job?.success)
      throw new AppError('SERVER_BUSY', `Ray answered ${status} to a question after a job.`);
    return job.data;
  };

  return {
    async start(run) {
      const logsUrl = `${settings.url}/#/jobs/${nameOf(run)}`;
      // Ray refuses a name that it has: the try before may have made the job without our hearing of it
      if (await find(run)) return { logsUrl };
      const { status } = await askTrainer(jobs, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          entrypoint: settings.rayEntrypoint,
          submission_id: nameOf(run),
          runtime_env: { env_vars: { AI2TEXT_JOB: JSON.stringify(jobOf(run, settings)) } },
          metadata: { run: run.id, version: `v${run.version}` },
        }),
      });
      if (status !== 200) throw new AppError('BAD_REQUEST', `Ray refused the job with ${status}.`);
      return { logsUrl };
    },
    async cancel(run) {
      const { status } = await askTrainer(`${jobs}${nameOf(run)}/stop`, { method: 'POST' });
      if (status !== 200 && status !== 404)
        throw new AppError('BAD_REQUEST', `Ray refused to stop the job with ${status}.`);
    },
    async look(run) {
      const job = await find(run);
      return { state: (job && STATES[job.status]) ?? 'unknown', message: job?.message ?? null };
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
