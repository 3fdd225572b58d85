import { Attention, attend, pack } from './attention';
import { attendBytes, ByteAttention, packBytes } from './byte-attention';
import { matmulBytes, matmulFewBytes, QuantiseBytes, quantiseBytes } from './bytes';
import { KeepFrames, keepKeys, keepValues, LookAtFrames, lookAtFrames } from './frames';
import { MatMul, matmulFloats, matmulIntegers } from './matmul';
import {
  Normalise,
  normalise,
  Quantise,
  QuantiseRows,
  quantise,
  quantiseRow,
  range,
  Splice,
  splice,
  Turn,
  turn,
} from './rows';
import { Choose, choose, keep, Look, look, matmulFew } from './steps';

/**
 * A program is a sequence of operations of 64 bytes, each of which begins with its code and the number of
 * units it can be divided into. Threads take units until there are none left; the first thread moves on to
 * the next operation when all units are done. It can do so alone: a thread that has not started yet is not
 * waited for.
 */
const OPERATION_BYTES: usize = 64;

const MATMUL_FLOATS: i32 = 1;
const MATMUL_INTEGERS: i32 = 2;
const NORMALISE: i32 = 3;
const RANGE: i32 = 4;
const QUANTISE: i32 = 5;
const TURN: i32 = 6;
const PACK: i32 = 7;
const ATTEND: i32 = 8;
const MATMUL_FEW: i32 = 9;
const KEEP: i32 = 10;
const LOOK: i32 = 11;
const CHOOSE: i32 = 12;
const QUANTISE_ROWS: i32 = 13;
const KEEP_KEYS: i32 = 14;
const KEEP_VALUES: i32 = 15;
const LOOK_AT_FRAMES: i32 = 16;
const PACK_BYTES: i32 = 17;
const ATTEND_BYTES: i32 = 18;
const QUANTISE_BYTES: i32 = 19;
const MATMUL_BYTES: i32 = 20;
const MATMUL_FEW_BYTES: i32 = 21;
const SPLICE: i32 = 22;

/** Polls memory this often before it sleeps: waking up takes longer than most waits. */
const LOOKS: i32 = 2000;

/** What threads share. */
@unmanaged
class Shared {
  /** The next unit to be taken; the operation, from 1 on, in the upper half; 0: none. */
  next: i64;
  /** Units of the operation that are done. */
  done: i32;
  program: usize;
  /** Not 0: threads are to end. */
  ended: i32;
}

/**
 * Runs some operations of a program. Operations keep their numbers, whichever are run, so that a thread that
 * comes late finds the right one for a unit of an earlier run.
 * @param shared 32 bytes, zero at first; for one program alone
 * @param from the first operation, from 0 on
 * @param to the one behind the last
 * @param scratch memory of this thread alone
 */
export function run(shared: usize, program: usize, from: i32, to: i32, scratch: usize): void {
  const state = changetype<Shared>(shared);
  atomic.store<usize>(shared, program, offsetof<Shared>('program'));
  for (let index = from + 1; index <= to; index++) {
    const units = load<i32>(operationAt(program, index), 4);
    atomic.store<i32>(shared, 0, offsetof<Shared>('done'));
    atomic.store<i64>(shared, (<i64>index) << 32);
    atomic.notify(shared + 4, -1);
    while (takeUnit(state, scratch)) {}
    let looks = 0;
    for (;;) {
      const done = atomic.load<i32>(shared, offsetof<Shared>('done'));
      if (done == units) break;
      if (++looks > LOOKS) atomic.wait<i32>(shared + offsetof<Shared>('done'), done, -1);
    }
  }
  atomic.store<i64>(shared, 0);
}

/** Helps with programs until `end`. */
export function help(shared: usize, scratch: usize): void {
  const state = changetype<Shared>(shared);
  while (!atomic.load<i32>(shared, offsetof<Shared>('ended'))) {
    const index = atomic.load<i32>(shared, 4);
    while (takeUnit(state, scratch)) {}
    let looks = 0;
    while (atomic.load<i32>(shared, 4) == index)
      if (++looks > LOOKS) {
        if (atomic.load<i32>(shared, offsetof<Shared>('ended'))) return;
        atomic.wait<i32>(shared + 4, index, -1);
      }
  }
}

/** Makes the other threads end. */
export function end(shared: usize): void {
  atomic.store<i32>(shared, 1, offsetof<Shared>('ended'));
  // the number of no operation: wakes threads that wait for the next one
  atomic.store<i64>(shared, (<i64>-1) << 32);
  atomic.notify(shared + 4, -1);
}

@inline
function operationAt(program: usize, index: i32): usize {
  return program + <usize>(index - 1) * OPERATION_BYTES;
}

/** @returns whether there was a unit to do */
function takeUnit(state: Shared, scratch: usize): bool {
  const shared = changetype<usize>(state);
  if (atomic.load<i32>(shared, 4) <= 0) return false;
  const taken = atomic.add<i64>(shared, 1);
  const index = <i32>(taken >> 32);
  if (index <= 0) return false;
  const unit = <i32>taken;
  const operation = operationAt(atomic.load<usize>(shared, offsetof<Shared>('program')), index);
  if (unit >= load<i32>(operation, 4)) return false;
  execute(operation, unit, scratch);
  atomic.add<i32>(shared, 1, offsetof<Shared>('done'));
  atomic.notify(shared + offsetof<Shared>('done'), 1);
  return true;
}

function execute(operation: usize, unit: i32, scratch: usize): void {
  switch (load<i32>(operation)) {
    case MATMUL_FLOATS:
      matmulFloats(changetype<MatMul>(operation), unit);
      break;
    case MATMUL_INTEGERS:
      matmulIntegers(changetype<MatMul>(operation), unit, scratch);
      break;
    case NORMALISE:
      normalise(changetype<Normalise>(operation), unit);
      break;
    case RANGE:
      range(changetype<Quantise>(operation), unit);
      break;
    case QUANTISE:
      quantise(changetype<Quantise>(operation), unit);
      break;
    case TURN:
      turn(changetype<Turn>(operation), unit);
      break;
    case PACK:
      pack(changetype<Attention>(operation), unit);
      break;
    case ATTEND:
      attend(changetype<Attention>(operation), unit, scratch);
      break;
    case MATMUL_FEW:
      matmulFew(changetype<MatMul>(operation), unit, scratch);
      break;
    case KEEP:
      keep(changetype<Look>(operation), unit);
      break;
    case LOOK:
      look(changetype<Look>(operation), unit, scratch);
      break;
    case CHOOSE:
      choose(changetype<Choose>(operation), unit);
      break;
    case QUANTISE_ROWS:
      quantiseRow(changetype<QuantiseRows>(operation), unit);
      break;
    case KEEP_KEYS:
      keepKeys(changetype<KeepFrames>(operation), unit);
      break;
    case KEEP_VALUES:
      keepValues(changetype<KeepFrames>(operation), unit);
      break;
    case LOOK_AT_FRAMES:
      lookAtFrames(changetype<LookAtFrames>(operation), unit, scratch);
      break;
    case PACK_BYTES:
      packBytes(changetype<ByteAttention>(operation), unit);
      break;
    case ATTEND_BYTES:
      attendBytes(changetype<ByteAttention>(operation), unit, scratch);
      break;
    case QUANTISE_BYTES:
      quantiseBytes(changetype<QuantiseBytes>(operation), unit);
      break;
    case MATMUL_BYTES:
      matmulBytes(changetype<MatMul>(operation), unit);
      break;
    case MATMUL_FEW_BYTES:
      matmulFewBytes(changetype<MatMul>(operation), unit);
      break;
    case SPLICE:
      splice(changetype<Splice>(operation), unit);
      break;
    default:
      unreachable();
  }
}
