import { accountApi, linksApi, membersApi, signInApi } from './accounts';
import { authApi } from './auth';
import type { Endpoint } from './endpoint';
import { operationsApi } from './operations';
import { modelsApi } from './server-models';
import { sharesApi } from './shares';
import { transcriptsApi } from './transcripts';

/** Routes that belong together. */
export interface EndpointGroup {
  name: string;
  endpoints: readonly Endpoint[];
}

const group = (name: string, api: Record<string, Endpoint>): EndpointGroup => ({
  name,
  endpoints: Object.values(api),
});

/** Every route of the server. */
export const API: readonly EndpointGroup[] = [
  group('Transcripts', transcriptsApi),
  group('Shares', sharesApi),
  group('Models', modelsApi),
  group('Signing in', { ...signInApi, ...authApi }),
  group('Account', accountApi),
  group('Members', membersApi),
  group('Links', linksApi),
  group('Operations', operationsApi),
];
