import { HelpAsked, PlainError, ToldError } from './errors';

/** Runs a command's main function: plain errors are printed in one line, others with their stack. */
export async function main(run: () => Promise<void> | void): Promise<void> {
  try {
    await run();
  } catch (error) {
    const isPlain = error instanceof PlainError;
    process.exitCode = isPlain ? error.exitCode : 1;
    if (error instanceof HelpAsked) console.log(error.message);
    else if (!(error instanceof ToldError)) console.error(isPlain ? error.message : error);
  }
}
