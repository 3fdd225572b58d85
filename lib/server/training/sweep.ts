import 'server-only';
import { deliverDue } from './deliver';
import { startDueRun } from './runs';
import { failSilentRuns } from './silence';

/** Gives up silent runs, starts the run that a process which died has not, and delivers what is due. */
export async function sweepTraining(): Promise<void> {
  await failSilentRuns();
  await startDueRun();
  await deliverDue();
}
