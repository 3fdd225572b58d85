// npm run dataset -- FOLDER: a published version with its clips, as training programs read it.
import { resolve } from 'node:path';
import { versionNameSchema } from '../../lib/contracts/dataset';
import { isAppError } from '../../lib/core/errors';
import { copyVersion } from '../../lib/server/dataset/copy-version';
import { PlainError, UsageError } from '../command/errors';
import { onInterrupt } from '../command/interrupt';
import { main } from '../command/main';
import { type Command, readCommand } from '../command/options';

/** How many clips are copied between two lines of progress. */
const CLIPS_A_LINE = 1_000;

const COMMAND = {
  name: 'dataset',
  text: 'copies a published version of the dataset with its clips into a folder',
  names: { name: 'FOLDER', text: 'where to; what is there already stays' },
  options: { release: { value: 'NAME', text: 'which version (v1); the newest unless given' } },
  notes: [
    'Run it where the server runs: it reads the server’s objects (DATA_DIR, or S3_ENDPOINT and the rest).',
    'Every file is compared with its hash. Interrupted, it goes on when it is called again.',
  ],
} as const satisfies Command;

await main(async () => {
  const {
    values: { release },
    names: [folder = ''],
  } = readCommand(COMMAND);
  if (release !== undefined && !versionNameSchema.safeParse(release).success)
    throw new UsageError(`${release} is not the name of a version, such as v1.`);
  const stop = new AbortController();
  onInterrupt(() => stop.abort());
  try {
    const { name, files, clips, withdrawn } = await copyVersion({
      folder: resolve(folder),
      name: release,
      signal: stop.signal,
      onClip: (count) => {
        if (count % CLIPS_A_LINE === 0) console.log(`${count} clips…`);
      },
    });
    console.log(`${name}: ${files} files and ${clips} clips.`);
    if (withdrawn > 0) console.log(`${withdrawn} clips were withdrawn since, and are left out.`);
  } catch (error) {
    throw isAppError(error) ? new PlainError(error.message) : error;
  }
});
