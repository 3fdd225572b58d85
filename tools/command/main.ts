import { HelpAsked, PlainError, ReportedError } from './errors';

/** Runs a command's main function: plain errors are printed in one line, others with their stack. */
export async function main(run: () => Promise<void> | void): Promise<void> {
  // whoever reads the output may have seen enough of it: `npm run wer -- --help | head`
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    await run();
  } catch (error) {
    const isPlain = error instanceof PlainError;
    process.exitCode = isPlain ? error.exitCode : 1;
    if (error instanceof HelpAsked) console.log(error.message);
    else if (!(error instanceof ReportedError)) console.error(isPlain ? error.message : error);
  }
}
