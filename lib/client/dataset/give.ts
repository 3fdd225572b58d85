import {
  addContributions,
  type ContributionRecord,
  getTranscript,
  listContributions,
  updateContribution,
} from '@/lib/client/store';
import { CONSENT_WORDINGS, type DATASET_LICENCES } from '@/lib/contracts';
import { AppError, newId } from '@/lib/core';
import type { PlannedClip } from './plan-clips';
import { pseudonymKey, pseudonymsOf } from './pseudonyms';

export type DatasetLicence = (typeof DATASET_LICENCES)[number];

/** The wording by which people consent now; the texts of the dialog are this version's. */
const WORDING = CONSENT_WORDINGS[CONSENT_WORDINGS.length - 1] ?? CONSENT_WORDINGS[0];

/**
 * Stores what somebody has agreed to give: it is sent from now on. The text is what was shown.
 * @throws NOT_FOUND, STORE_QUOTA, STORE_FAILED
 */
export async function giveClips(
  transcriptId: string,
  clips: readonly PlannedClip[],
  licence: DatasetLicence,
): Promise<void> {
  const [record, key] = await Promise.all([getTranscript(transcriptId), pseudonymKey()]);
  if (!record) throw new AppError('NOT_FOUND', `No transcript ${transcriptId}.`);
  const names = pseudonymsOf(record, key);
  const consent = { wording: WORDING, licence, at: new Date().toISOString() };
  await addContributions(
    clips.map(({ speakerId, ...clip }) => ({
      ...clip,
      id: newId(),
      transcriptId,
      language: record.language,
      speaker: names.speakerOf(speakerId),
      recording: names.recording,
      // the server takes ids of models as hubs write them
      modelId: (record.model?.id ?? 'unknown').replace(/[^\w./:@+-]/g, '-'),
      consent,
      state: 'waiting' as const,
    })),
  );
}

/** Whether a contribution is, or is to be, in the training set. */
export const isGiven = ({ state }: Pick<ContributionRecord, 'state'>): boolean =>
  state === 'waiting' || state === 'given';

/** Withdraws one contribution; the server learns of it as soon as it can be reached. */
export const withdraw = (id: string): Promise<void> =>
  updateContribution(id, (now) => (isGiven(now) ? { state: 'withdrawing' } : null));

/** Withdraws all that was given of a transcript. */
export async function withdrawAll(transcriptId: string): Promise<void> {
  for (const { id } of await listContributions(transcriptId)) await withdraw(id);
}
