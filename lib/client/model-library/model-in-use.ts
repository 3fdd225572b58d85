import { DRAFT_MODEL_ID } from '@/lib/catalogue';
import type { ErrorCode } from '@/lib/core';
import type { ModelState, ModelTransfer } from './model-library';

/** What a device tells of itself. */
export interface DeviceFacts {
  /** Memory in GB, as browsers round it; `null`: this one does not tell. */
  memoryGb: number | null;
  cores: number;
  /** The user has asked sites to load little. */
  savesData: boolean;
  /** Whether this page can keep files. */
  canKeep: boolean;
  /** What the browser still lets this site keep, in bytes; `null`: it does not tell. */
  freeBytes: number | null;
}

/** Why the small built-in model is the better one for a device. */
export type TooSmall = 'memory' | 'cores' | 'saves-data' | 'no-storage' | 'no-room';

/**
 * The large model as it stands here: the one that the server's owner wants to be used, or the built-in one.
 */
export interface LargeModel {
  id: string;
  state: ModelState;
  /** What is fetched, in bytes. */
  bytes: number;
  /** Why it did not open, or could not begin to be fetched, since this page was loaded. */
  failure: ErrorCode | null;
}

/** Why Draft stands in for the large model that is wanted. */
export type StandIn =
  | { kind: 'coming'; transfer: ModelTransfer | null }
  | { kind: 'trouble'; code: ErrorCode };

/** The model that recordings are transcribed with. */
export interface ModelInUse {
  /** Id of the model that the user has chosen, or the app for this device. */
  wanted: string;
  /** Id of the large model, which Draft can stand in for; `null`: this build comes without one. */
  large: string | null;
  /** Id of the one that a recording which begins now is transcribed with. */
  now: string;
  /** Why `now` is not `wanted`; `null`: it is. */
  standIn: StandIn | null;
  /** Why the app has not chosen the large model; `null`: it has, or the user chose. */
  tooSmall: TooSmall | null;
  isChosenByUser: boolean;
}

/**
 * The large model takes some 600 MB while it runs. Browsers round memory to powers of two: 4 GB stands
 * for 3 to 6.
 */
const MIN_MEMORY_GB = 4;
/** On one core it would hold up the page and the decoder. */
const MIN_CORES = 2;
/** Left free for recordings, in bytes. */
const RESERVE_BYTES = 256 * 1024 * 1024;

/** Why the large model is not for this device; `null`: it is. */
function obstacleToLarge(
  facts: DeviceFacts,
  { state, bytes }: Pick<LargeModel, 'state' | 'bytes'>,
): TooSmall | null {
  if (facts.memoryGb !== null && facts.memoryGb < MIN_MEMORY_GB) return 'memory';
  if (facts.cores < MIN_CORES) return 'cores';
  // what is here costs nothing more
  if (state.state === 'installed') return null;
  if (!facts.canKeep) return 'no-storage';
  if (facts.savesData) return 'saves-data';
  const hereBytes = state.state === 'absent' ? 0 : state.doneBytes;
  const neededBytes = bytes - hereBytes + RESERVE_BYTES;
  return facts.freeBytes !== null && facts.freeBytes < neededBytes ? 'no-room' : null;
}

/**
 * Which model is used: the one that the user has chosen, else the large one where the device can run it,
 * else Draft. While the large one is not here, Draft stands in for it.
 * @param chosen the user's setting
 */
export function modelInUse(
  chosen: string | null,
  facts: DeviceFacts,
  large: LargeModel | null,
): ModelInUse {
  const tooSmall = chosen === null && large ? obstacleToLarge(facts, large) : null;
  const wanted = chosen ?? (large && tooSmall === null ? large.id : DRAFT_MODEL_ID);
  const standIn = large && wanted === large.id ? standInFor(large) : null;
  return {
    wanted,
    large: large?.id ?? null,
    now: standIn ? DRAFT_MODEL_ID : wanted,
    standIn,
    tooSmall,
    isChosenByUser: chosen !== null,
  };
}

function standInFor({ state, failure }: LargeModel): StandIn | null {
  if (failure !== null) return { kind: 'trouble', code: failure };
  if (state.state === 'installed') return null;
  return { kind: 'coming', transfer: state.state === 'absent' ? null : state };
}
