import { z } from 'zod';
import { attempt } from '@/app/_features/ui';
import { callServer } from '@/lib/client/http';

/**
 * Sets what browsers use that have not chosen any model: for the owner of the server.
 * @param modelId of one that the server has itself; `null`: the built-in model
 * @returns whether it was set; a failure is told
 */
export const setServerModel = (modelId: string | null): Promise<boolean> =>
  attempt(async () => {
    await callServer('PUT', '/api/models/default', { body: { modelId }, schema: z.null() });
  });
