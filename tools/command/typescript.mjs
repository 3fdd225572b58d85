import { join } from 'node:path';
import { root } from '../app/app.mjs';

/**
 * A TypeScript module of the project, ready to use in a script.
 * @param {string} path from the project's root
 */
export async function importTypeScript(path) {
  const { NODE_ENV } = process.env;
  const { runnerImport } = await import('vite');
  try {
    const { module } = await runnerImport(join(root, path), {
      configFile: false,
      logLevel: 'error',
      root,
      resolve: {
        // a command is no page: it may use what belongs to the server
        alias: { '@': root, 'server-only': join(root, 'node_modules/server-only/empty.js') },
      },
    });
    return module;
  } finally {
    // Vite sets it for the whole process, which goes on to start others
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
  }
}
