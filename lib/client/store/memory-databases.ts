// Replaces the browser's databases with databases in memory, for the whole page that loads this: a private session.
import 'fake-indexeddb/auto';
