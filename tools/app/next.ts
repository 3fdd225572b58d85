import { join } from 'node:path';
import { root } from '../command/root';

/** Where Next puts what it builds. */
export const NEXT_FOLDER: string = join(root, '.next');
/** What the build makes to be run by itself. */
export const STANDALONE: string = join(NEXT_FOLDER, 'standalone');

/** Next's own program. */
export const nextBin = (): string => join(root, 'node_modules', 'next', 'dist', 'bin', 'next');

/** The environment of Next's programs: nothing is reported to anyone, whatever this process runs as. */
export const nextEnv = (mode: 'production' | 'development'): NodeJS.ProcessEnv => ({
  ...process.env,
  NODE_ENV: mode,
  NEXT_TELEMETRY_DISABLED: '1',
});
