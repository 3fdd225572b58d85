// Puts databases in memory in the place of the browser's, for all of the page that loads this: a private session.
import 'fake-indexeddb/auto';
