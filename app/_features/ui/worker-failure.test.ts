import { expect, it } from 'vitest';
import { ERROR_CODES } from '@/lib/core/errors';
import { workerFailure } from './worker-failure';

it('says in a sentence what is wrong with a recording, or with who was to transcribe it', () => {
  expect(workerFailure('DECODE_NO_AUDIO')).toBe('This video has no sound.');
  expect(workerFailure('MODEL_NOT_INSTALLED')).toMatch(/^The server that transcribes/);
  expect(workerFailure('SERVER_BUSY')).toBe('The recording could not be transcribed.');
  // nobody is sent to the settings of a browser that had no part in it
  for (const code of ERROR_CODES)
    expect(workerFailure(code)).toMatch(/^(?!.*(browser|Settings|tab|file again))[A-Z].*\.$/);
});
