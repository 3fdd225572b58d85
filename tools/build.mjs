// npm run build: builds the app for production. `npm start` does so by itself; a container image is
// built by this, from dependencies that are installed already.
import { ensureBuilt, main } from './app/app.mjs';
import { readCommand } from './command/options.mjs';

await main(async () => {
  readCommand({
    name: 'build',
    text: 'builds the app for production, unless it is built from these sources already',
  });
  await ensureBuilt();
});
