import { AppError } from '@/lib/core';
import type { BackendChoice, SelfTestResult } from '@/lib/engine';

/**
 * Chooses the backend a model runs on: of those that passed the self-test, the one that was faster on the
 * warm run; with equal times the one tried first.
 * @param chosenAt ISO 8601
 * @throws when none passed: OUT_OF_MEMORY if one lacked memory, which the user can do something about; else
 * BACKEND_UNAVAILABLE
 */
export function chooseBackend(
  modelId: string,
  trials: readonly SelfTestResult[],
  chosenAt: string,
): BackendChoice {
  const right = trials.filter(isRight).sort((a, b) => a.runMs - b.runMs);
  const best = right[0];
  if (!best) {
    const isFull = trials.some(({ code }) => code === 'OUT_OF_MEMORY');
    throw new AppError(
      isFull ? 'OUT_OF_MEMORY' : 'BACKEND_UNAVAILABLE',
      `Model "${modelId}" runs rightly on no backend.`,
      {
        details: Object.fromEntries(
          trials.map(({ backend, outcome, detail }) => [backend, `${outcome}: ${detail}`]),
        ),
      },
    );
  }
  return {
    modelId,
    backend: best.backend,
    reason: explain(best, trials),
    trials: [...trials],
    chosenAt,
  };
}

type PassedTest = SelfTestResult & { outcome: 'right'; runMs: number };

function isRight(result: SelfTestResult): result is PassedTest {
  return result.outcome === 'right' && result.runMs !== null;
}

/** One clause for each of the others. */
function explain(best: PassedTest, trials: readonly SelfTestResult[]): string {
  const others = trials.filter((result) => result !== best).map((result) => clauseFor(result));
  const text = best.anyText ? 'a text' : 'the known text';
  return [`${best.backend} gave ${text} in ${Math.round(best.runMs)} ms`, ...others].join('; ');
}

function clauseFor(other: SelfTestResult): string {
  switch (other.outcome) {
    case 'right': {
      const times = other.runMs === null ? '' : ` in ${Math.round(other.runMs)} ms`;
      return `${other.backend} gave ${other.anyText ? 'one' : 'it'} too${times}`;
    }
    case 'wrong-text': {
      const text = other.detail === '' ? 'no text' : 'another text';
      return `${other.backend} gave ${text}, so it is not used`;
    }
    case 'unavailable':
      return `${other.backend} is not available: ${other.detail}`;
    case 'failed':
      return `${other.backend} failed: ${other.detail}`;
  }
}
