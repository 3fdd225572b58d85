// npm start: installs and builds what is missing, then serves the app.
import { ensureBuilt, ensureInstalled, listenHost, main, startServer } from './lib/app.mjs';

/** Log lines are for whoever collects them; at a terminal they would bury what the user is told. */
function show(line) {
  if (!process.stdout.isTTY || !line.startsWith('{')) console.log(line);
}

await main(async () => {
  ensureInstalled();
  await ensureBuilt();
  const port = Number(process.env.PORT ?? 3000);
  const server = await startServer({ port, host: listenHost(), print: show });
  console.log(`AI2Text is ready at ${server.url}`);
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => {
      void server.close();
    });
  process.exitCode = await server.exited;
});
