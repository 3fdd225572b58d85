import { operationsApi } from '@/lib/contracts';
import { route } from '@/lib/server/http';
import { metricsPage } from '@/lib/server/limits';
import { serverEnv } from '@/lib/server/process';

/** What this process has measured, for Prometheus. */
export const GET = route({
  ...operationsApi.metrics,
  name: 'metrics',
  token: () => serverEnv().metricsToken,
  limit: { max: 600, windowS: 60, isLocal: true },
  async handle() {
    const { text, mediaType } = await metricsPage();
    return new Response(text, { headers: { 'content-type': mediaType } });
  },
});
