import { type Asked, fakeService } from './test-training';

/** Fields of Ray's `JobSubmitRequest`: it refuses others. */
const FIELDS = new Set([
  'entrypoint',
  'submission_id',
  'runtime_env',
  'metadata',
  'entrypoint_num_cpus',
  'entrypoint_num_gpus',
  'entrypoint_memory',
  'entrypoint_resources',
  'entrypoint_label_selector',
]);

/** By these Ray takes a request for a browser's. */
const OF_BROWSERS = ['referer', 'origin', 'sec-fetch-mode', 'sec-fetch-dest', 'sec-fetch-site'];

const ENDED = ['STOPPED', 'SUCCEEDED', 'FAILED'];

/** A job as Ray describes it. */
export interface RayJob {
  status: string;
  message: string | null;
  [field: string]: unknown;
}

function newJob(asked: Record<string, unknown>): RayJob {
  const { submission_id, entrypoint, metadata = null, runtime_env = null } = asked;
  return {
    ...{ type: 'SUBMISSION', job_id: null, submission_id, driver_info: null },
    ...{ status: 'PENDING', message: 'Job has not started yet.', error_type: null },
    ...{ entrypoint, metadata, runtime_env, start_time: Date.now(), end_time: null },
    ...{ driver_agent_http_address: null, driver_node_id: null, driver_exit_code: null },
  };
}

function isRight(asked: Record<string, unknown>): boolean {
  return (
    typeof asked.entrypoint === 'string' &&
    typeof asked.submission_id === 'string' &&
    Object.keys(asked).every((field) => FIELDS.has(field)) &&
    Object.values((asked.metadata ?? {}) as object).every((one) => typeof one === 'string')
  );
}

/** How Ray refuses a request before it looks at it. */
function refusal({ method, headers }: Asked, token: string | null) {
  const given = headers.authorization;
  if (token !== null && given === undefined)
    return { status: 401, body: 'Unauthorized: Missing authentication token' };
  if (token !== null && given !== `Bearer ${token}`)
    return { status: 403, body: 'Forbidden: Invalid authentication token' };
  const isBrowser =
    String(headers['user-agent']).startsWith('Mozilla') || OF_BROWSERS.some((one) => headers[one]);
  return isBrowser && method !== 'GET'
    ? { status: 405, body: `'${method}' method not allowed for browser traffic.` }
    : null;
}

/**
 * Ray's Jobs API without Ray. `ray-contract.server.test.ts` holds it against a cluster.
 * @param token what its requests have to carry
 */
export async function fakeRay(token: string | null = null) {
  const jobs = new Map<string, RayJob>();
  let isDown = false;
  const answer = (asked: Asked) => {
    const { method, path, body } = asked;
    if (isDown) return { status: 503 };
    const refused = refusal(asked, token);
    if (refused) return refused;
    const [, name, stop] = /^\/api\/jobs\/([\w-]*)(\/stop)?$/.exec(path) ?? [];
    if (name === undefined) return { status: 404 };
    if (method === 'GET' || stop) {
      const job = jobs.get(name);
      if (!job) return { status: 404, body: `Job ${name} does not exist` };
      if (!stop) return { status: 200, body: job };
      const stopped = !ENDED.includes(job.status);
      if (stopped)
        Object.assign(job, { status: 'STOPPED', message: 'Job was intentionally stopped.' });
      return { status: 200, body: { stopped } };
    }
    const wanted = JSON.parse(body) as Record<string, unknown>;
    if (!isRight(wanted)) return { status: 400, body: 'Traceback (most recent call last): …' };
    const id = String(wanted.submission_id);
    // the head passes on what its agent answers with 400
    if (jobs.has(id)) return { status: 500, body: `Job with submission_id ${id} already exists.` };
    jobs.set(id, newJob(wanted));
    return { status: 200, body: { job_id: id, submission_id: id } };
  };
  const service = await fakeService(answer);
  const setDown = (value: boolean) => {
    isDown = value;
  };
  return { ...service, jobs, setDown };
}
