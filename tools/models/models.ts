// npm run models -- ACTION: the models that this server has itself, so that browsers need no hub.
import { resolve } from 'node:path';
import { isAppError } from '../../lib/core/errors';
import { readCatalogue } from '../catalogue/catalogue';
import { PlainError, UsageError } from '../command/errors';
import { onInterrupt } from '../command/interrupt';
import { main } from '../command/main';
import { type Command, readCommand } from '../command/options';
import { root } from '../command/root';
import { type Request, runAction } from './actions';
import type { CommandContext } from './user-errors';

/** What stands behind an action, and how many of these at least and at most. */
interface Form {
  args: string;
  min: number;
  max: number;
}

const ACTIONS: Readonly<Record<Request['action'], Form>> = {
  add: { args: 'NAME', min: 1, max: 1 },
  list: { args: '', min: 0, max: 0 },
  verify: { args: '[ID]', min: 0, max: 1 },
  remove: { args: 'ID', min: 1, max: 1 },
  export: { args: 'ID FILE.zip', min: 2, max: 2 },
  default: { args: '[ID]', min: 0, max: 1 },
};

const COMMAND = {
  name: 'models',
  text: 'keeps models on this server, from where browsers take them',
  names: { name: 'ACTION …', text: 'one of those below', min: 1, max: 3 },
  options: {
    backend: {
      value: 'NAME',
      text: 'adds the files for one processor alone',
      choices: ['wasm', 'webgpu'],
    },
  },
  notes: [
    'Actions:',
    '  add NAME            an id of the catalogue, OWNER/NAME of the hub, a folder or a zip',
    '  list                what there is',
    '  verify [ID]         reads the files again and compares their hashes',
    '  remove ID           takes one away, or what has come of one',
    '  export ID FILE.zip  writes one into a zip, which add takes elsewhere',
    '  default [ID]        what browsers use that have chosen none',
    'DATA_DIR is where the server keeps its data (./data), MODEL_HUB the address of the hub.',
  ],
} as const satisfies Command;

const isAction = (name: string): name is Request['action'] => Object.hasOwn(ACTIONS, name);

function readAction() {
  const {
    values: { backend = null },
    names: [action = '', ...args],
  } = readCommand(COMMAND);
  const more = 'npm run models -- --help explains them.';
  if (!isAction(action))
    throw new UsageError(
      `There is no action ${action}; there are ${Object.keys(ACTIONS).join(', ')}. ${more}`,
    );
  const form = ACTIONS[action];
  if (args.length < form.min || args.length > form.max)
    throw new UsageError(`It is: npm run models -- ${action} ${form.args}`.trim());
  if (backend !== null && action !== 'add')
    throw new UsageError(`--backend belongs to add. ${more}`);
  return { action, args, backend };
}

/** A terminal sees how far a file is, in one line that is written over. */
function progressLine(): { progress: CommandContext['progress']; clear: () => void } {
  if (!process.stdout.isTTY) return { progress: () => undefined, clear: () => undefined };
  let shown = '';
  const clear = () => {
    if (shown !== '') process.stdout.write('\r\u001b[K');
    shown = '';
  };
  const progress: CommandContext['progress'] = (path, doneBytes, totalBytes) => {
    const line = `  ${path} ${Math.floor((100 * doneBytes) / Math.max(1, totalBytes))} %`;
    if (line === shown) return;
    clear();
    shown = line;
    process.stdout.write(line);
  };
  return { progress, clear };
}

await main(async () => {
  const { action, args, backend } = readAction();
  const dataDir = resolve(root, process.env.DATA_DIR?.trim() || 'data');
  const catalogue = readCatalogue();
  const controller = new AbortController();
  const { progress, clear } = progressLine();
  const context: CommandContext = {
    say: (line) => {
      clear();
      console.log(line);
    },
    progress,
    signal: controller.signal,
  };
  const stopListening = onInterrupt(() => controller.abort());
  try {
    const hub = process.env.MODEL_HUB;
    const request = { action, args, backend, dataDir, catalogue, hub };
    if (!(await runAction(request, context))) process.exitCode = 1;
  } catch (error) {
    // sentences for its user; all else is shown with its stack
    throw isAppError(error) && error.details.isForUser ? new PlainError(error.message) : error;
  } finally {
    clear();
    stopListening();
  }
});
