import type { PublishedModel, PublishedVariant } from '@/lib/catalogue';
import type { ModelState } from '@/lib/client/model-library';
import type { Settings } from '@/lib/client/store';
import type { Backend } from '@/lib/engine';
import type { GpuProbe } from '@/lib/engine/runtime';
import { t } from './messages';

/** What decides which files of a model can be used here. */
export interface Device {
  /** `null` until the browser was asked. */
  gpu: GpuProbe | null;
  /** The backend the user wants. */
  wished: Settings['backend'];
}

/** The files for one backend. */
export interface Choice {
  backend: Backend;
  variant: PublishedVariant;
}

/** Why a model's files for the GPU cannot be used here; `null` when they can. */
function gpuObstacle({ needs }: PublishedVariant, { gpu, wished }: Device): string | null {
  if (wished === 'wasm') return t('wasmChosen');
  if (!gpu) return t('askingForGpu');
  if (!gpu.usable) return t(`gpu.${gpu.problem}`);
  const missing = needs.filter((feature) => !gpu.features.has(feature));
  return missing.length === 0 ? null : t('noHalfPrecision');
}

/** What of a model runs on this device, best first: the graphics processor where it can be used. */
export function fittingChoices({ backends }: PublishedModel, device: Device): Choice[] {
  const { wasm, webgpu } = backends;
  const fitting: Choice[] = [];
  if (webgpu && gpuObstacle(webgpu, device) === null)
    fitting.push({ backend: 'webgpu', variant: webgpu });
  if (wasm) fitting.push({ backend: 'wasm', variant: wasm });
  return fitting;
}

/** Why nothing of a model runs on this device; `null` when something does. */
export function obstacle(model: PublishedModel, device: Device): string | null {
  const { webgpu } = model.backends;
  if (fittingChoices(model, device).length > 0) return null;
  return webgpu ? gpuObstacle(webgpu, device) : t('noFilesToRun');
}

/** Whether what was downloaded of a model runs on this device. */
export function canUse(model: PublishedModel, state: ModelState, device: Device): boolean {
  if (state.state !== 'installed') return false;
  return fittingChoices(model, device).some(({ backend }) => state.backends.includes(backend));
}
