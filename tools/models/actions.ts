// The models' shelf of the server, as `npm run models` sees it.

import type { Catalogue } from '../../lib/catalogue/catalogue';
import { parseHub } from '../../lib/catalogue/hub-address';
import type { Backend } from '../../lib/engine/types';
import { ShelfFolder } from '../../lib/server/models/shelf-folder';
import { addModel } from './adding';
import { exportModel, listModels, removeModel, setDefault, verifyModels } from './keeping';
import { type CommandContext, sentencesOf, userError } from './user-errors';

/** What the command was asked for; how many arguments an action takes was checked before. */
export interface Request {
  action: 'add' | 'list' | 'verify' | 'remove' | 'export' | 'default';
  args: readonly string[];
  /** For `add`. */
  backend: Backend | null;
  /** Absolute path of the server's data folder. */
  dataDir: string;
  catalogue: Catalogue;
  /** The value of `MODEL_HUB`. */
  hub: string | undefined;
}

/**
 * Does what was asked for.
 * @returns whether all is well: `verify` may find what is not
 * @throws BAD_REQUEST whose message is for the user of the command; any other error is a fault of ours
 */
export async function runAction(request: Request, context: CommandContext): Promise<boolean> {
  try {
    return await dispatch(request, context);
  } catch (error) {
    if (context.signal.aborted)
      throw userError(
        'Interrupted: the shelf is as it was. What was downloaded is kept for the next add.',
        error,
      );
    const { action, args } = request;
    const sentences = sentencesOf(error, `npm run models -- ${[action, ...args].join(' ')}`);
    throw sentences === null ? error : userError(sentences, error);
  }
}

async function dispatch(request: Request, context: CommandContext): Promise<boolean> {
  const { action, args, backend, catalogue, hub } = request;
  const shelf = new ShelfFolder(request.dataDir);
  const [first = '', second = ''] = args;
  switch (action) {
    case 'add':
      await addModel(shelf, { name: first, backend, catalogue, hub: parseHub(hub) }, context);
      return true;
    case 'list':
      await listModels(shelf, context);
      return true;
    case 'verify':
      return verifyModels(shelf, args[0] ?? null, context);
    case 'remove':
      await removeModel(shelf, first, context);
      return true;
    case 'export':
      await exportModel(shelf, first, second, context);
      return true;
    case 'default':
      await setDefault(shelf, args[0] ?? null, catalogue.models[0].id, context);
      return true;
  }
}
