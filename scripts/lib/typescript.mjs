import { join } from 'node:path';
import { root } from './app.mjs';

/**
 * A TypeScript module of the project, ready to use in a script.
 * @param {string} path from the project's root
 */
export async function importTypeScript(path) {
  const { runnerImport } = await import('vite');
  const { module } = await runnerImport(join(root, path), {
    configFile: false,
    logLevel: 'error',
    root,
    resolve: { alias: { '@': root } },
  });
  return module;
}
