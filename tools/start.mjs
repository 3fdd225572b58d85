// npm start: installs and builds what is missing, then serves the app.
import { ensureBuilt, ensureInstalled, listenHost, main, startServer } from './app/app.mjs';
import { ensureFree, listenPort } from './app/server-process.mjs';
import { readCommand } from './command/options.mjs';
import { stopWhenAsked } from './command/stopping.mjs';

const COMMAND = {
  name: 'start',
  text: 'installs and builds what is missing, then serves the app',
  notes: [
    'PORT and HOSTNAME say where (localhost:3000); docs/deploying.md lists the other variables.',
  ],
};

/** What shells say of a command that SIGTERM has ended. */
const STOPPED_EXIT_CODE = 143;

/** Log lines are for whoever collects them; at a terminal they would bury what the user is told. */
function show(line) {
  if (!process.stdout.isTTY || !line.startsWith('{')) console.log(line);
}

await main(async () => {
  readCommand(COMMAND);
  let server = null;
  stopWhenAsked({
    // what builds ends with this process
    close: () => (server ? server.close() : process.exit(STOPPED_EXIT_CODE)),
    kill: () => server?.kill(),
  });
  const port = listenPort();
  const host = listenHost();
  // a build takes minutes: what is in its way is told before
  await ensureFree(port, host);
  ensureInstalled();
  await ensureBuilt();
  server = await startServer({ port, host, print: show });
  console.log(`AI2Text is ready at ${server.url}`);
  process.exitCode = await server.exited;
});
