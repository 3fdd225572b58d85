import { openApiDocument, operationsApi } from '@/lib/contracts';
import { memoizePromise } from '@/lib/core';
import { route } from '@/lib/server/http';

/** It is the same as long as the process lives. */
const document = memoizePromise(async () => openApiDocument());

/** What all routes take and give, for programs. */
export const GET = route({
  ...operationsApi.openApi,
  name: 'openapi',
  limit: { max: 600, windowS: 60, isLocal: true },
  handle: document,
});
