import { DRAFT_MODEL_ID } from '@/lib/catalogue';
import type { ErrorCode } from '@/lib/core';
import type { ModelState, ModelTransfer } from './model-library';

/** What a browser reports about its device. */
export interface DeviceFacts {
  /** Memory in GB, as rounded by the browser; `null` if it does not report it. */
  memoryGb: number | null;
  cores: number;
  /** The user has asked sites to save data. */
  savesData: boolean;
  /** Whether this page can store files. */
  canKeep: boolean;
  /** What this site may still store, in bytes; `null` if the browser does not report it. */
  freeBytes: number | null;
}

/** Why the small built-in model suits a device better. */
export type TooSmall = 'memory' | 'cores' | 'saves-data' | 'no-storage' | 'no-room';

/**
 * The state of the large model on this device: the server's default model, or the large built-in one.
 */
export interface LargeModel {
  id: string;
  state: ModelState;
  /** Size of the download, in bytes. */
  bytes: number;
  /** Why it could not be loaded or downloaded since this page was opened. */
  failure: ErrorCode | null;
}

/** Why Draft stands in for the large model. */
export type StandIn =
  | { kind: 'coming'; transfer: ModelTransfer | null }
  | { kind: 'trouble'; code: ErrorCode };

/** The model that recordings are transcribed with. */
export interface ModelInUse {
  /** Id of the model that the user, or else the app, has chosen. */
  chosen: string;
  /** Id of the large model, which Draft can stand in for; `null` if this build has none. */
  large: string | null;
  /** Id of the model that a job starting now uses. */
  now: string;
  /** Why `now` differs from `chosen`; `null` if it does not. */
  standIn: StandIn | null;
  /** Why the app has not chosen the large model; `null` if it has, or the user chose. */
  tooSmall: TooSmall | null;
  isChosenByUser: boolean;
}

/**
 * The large model takes some 600 MB while it runs. Browsers round memory to powers of two: 4 GB stands
 * for 3 to 6.
 */
const MIN_MEMORY_GB = 4;
/** On one core it would block the page and the decoder. */
const MIN_CORES = 2;
/** Left free for recordings, in bytes. */
const RESERVE_BYTES = 256 * 1024 * 1024;

/** Why the large model does not suit this device; `null` if it does. */
function obstacleToLarge(
  facts: DeviceFacts,
  { state, bytes }: Pick<LargeModel, 'state' | 'bytes'>,
): TooSmall | null {
  if (facts.memoryGb !== null && facts.memoryGb < MIN_MEMORY_GB) return 'memory';
  if (facts.cores < MIN_CORES) return 'cores';
  // an installed model needs no further space
  if (state.state === 'installed') return null;
  if (!facts.canKeep) return 'no-storage';
  if (facts.savesData) return 'saves-data';
  const hereBytes = state.state === 'absent' ? 0 : state.doneBytes;
  const neededBytes = bytes - hereBytes + RESERVE_BYTES;
  return facts.freeBytes !== null && facts.freeBytes < neededBytes ? 'no-room' : null;
}

/**
 * Which model is used: the user's choice, else the large one if the device can run it, else Draft. Until the
 * large one is installed, Draft stands in for it.
 * @param setting the user's choice; `null`: none
 */
export function modelInUse(
  setting: string | null,
  facts: DeviceFacts,
  large: LargeModel | null,
): ModelInUse {
  const tooSmall = setting === null && large ? obstacleToLarge(facts, large) : null;
  const chosen = setting ?? (large && tooSmall === null ? large.id : DRAFT_MODEL_ID);
  const standIn = large && chosen === large.id ? standInFor(large) : null;
  return {
    chosen,
    large: large?.id ?? null,
    now: standIn ? DRAFT_MODEL_ID : chosen,
    standIn,
    tooSmall,
    isChosenByUser: setting !== null,
  };
}

function standInFor({ state, failure }: LargeModel): StandIn | null {
  if (failure !== null) return { kind: 'trouble', code: failure };
  if (state.state === 'installed') return null;
  return { kind: 'coming', transfer: state.state === 'absent' ? null : state };
}
