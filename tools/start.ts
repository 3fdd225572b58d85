// npm start: builds what is missing, then serves the app.
import { ensureBuilt } from './app/build';
import { ensureFree, listenHost, listenPort } from './app/listening';
import { type RunningServer, startServer } from './app/server';
import { main } from './command/main';
import { readCommand } from './command/options';
import { stopWhenAsked } from './command/stopping';

const COMMAND = {
  name: 'start',
  text: 'installs and builds what is missing, then serves the app',
  notes: [
    'PORT and HOSTNAME say where (localhost:3000); docs/deploying.md lists the other variables.',
  ],
};

/** What shells say of a command that SIGTERM has ended. */
const STOPPED_EXIT_CODE = 143;

/** Log lines are for log collectors; at a terminal they would bury what the user has to read. */
function show(line: string): void {
  if (!process.stdout.isTTY || !line.startsWith('{')) console.log(line);
}

await main(async () => {
  readCommand(COMMAND);
  let server: RunningServer | null = null;
  stopWhenAsked({
    // what builds ends with this process
    close: () => (server ? server.close() : process.exit(STOPPED_EXIT_CODE)),
    kill: () => server?.kill(),
  });
  const port = listenPort();
  const host = listenHost();
  // a build takes minutes: what is in its way is reported before
  await ensureFree(port, host);
  await ensureBuilt();
  server = await startServer({ port, host, print: show });
  console.log(`AI2Text is ready at ${server.url}`);
  process.exitCode = await server.exited;
});
