// npm run build: builds the app for production. `npm start` does so by itself; a container image is
// built by this, from dependencies that are installed already.
import { ensureBuilt, main } from './lib/app.mjs';

await main(ensureBuilt);
