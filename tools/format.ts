// npm run format: lint and format, mended where that can be done by a program.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { main } from './command/main';
import { readCommand } from './command/options';
import { root } from './command/root';

const COMMAND = {
  name: 'format',
  text: 'formats the sources and mends what the linter can mend',
  names: {
    name: 'FILE…',
    text: 'files and folders; all, unless some are named',
    min: 0,
    max: Infinity,
  },
};

await main(() => {
  const { names } = readCommand(COMMAND);
  const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const args = [biome, 'check', '--write', ...(names.length > 0 ? names : [root])];
  process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
});
