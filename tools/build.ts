// npm run build: builds the app for production. `npm start` does so by itself; a container image is
// built by this.
import { ensureBuilt } from './app/build';
import { main } from './command/main';
import { readCommand } from './command/options';

await main(async () => {
  readCommand({
    name: 'build',
    text: 'builds the app for production, unless it is built from these sources already',
  });
  await ensureBuilt();
});
