import 'server-only';
import { deliverDue } from './deliver';
import { startDueRun } from './runs';

/** Starts the run that a process which died has not, and delivers what is due. */
export async function sweepTraining(): Promise<void> {
  await startDueRun();
  await deliverDue();
}
