import { formatBytes } from '@/app/_features/ui';
import { storageFacts } from '@/lib/client/store';

/** One line of the table: what was asked, what came out, and what it means when that is bad. */
export interface DeviceFact {
  name: string;
  value: string;
  /** `false` for what slows the app down or stops it, `null` for what is neither good nor bad. */
  good: boolean | null;
  note: string | null;
}

/** As much of WebGPU as is asked for here; the platform's types are not in TypeScript's DOM. */
interface GpuLike {
  requestAdapter(): Promise<{
    info?: {
      vendor?: string;
      architecture?: string;
      description?: string;
      isFallbackAdapter?: boolean;
    };
    features: { has(name: string): boolean };
  } | null>;
}

/** Looks at the browser. Never throws: what cannot be told is said so. */
export async function deviceFacts(): Promise<DeviceFact[]> {
  const [gpu, storage] = await Promise.all([gpuFact(), storageFacts()]);
  const isolated = window.crossOriginIsolated;
  const cores = navigator.hardwareConcurrency || 1;
  return [
    {
      name: 'Isolation',
      value: isolated ? 'on' : 'off',
      good: isolated,
      note: isolated
        ? null
        : 'Without it only one core is used: serve the app with its own server.',
    },
    {
      name: 'Processor cores',
      value: String(cores),
      good: cores > 1,
      note: null,
    },
    gpu,
    {
      name: 'Fast decoding (WebCodecs)',
      value: 'AudioDecoder' in window ? 'available' : 'not available',
      good: 'AudioDecoder' in window,
      note: 'AudioDecoder' in window ? null : 'The slower built-in decoder reads every file.',
    },
    {
      name: 'Storage',
      value:
        storage.usedBytes === null || storage.quotaBytes === null
          ? 'not told'
          : `${formatBytes(storage.usedBytes)} of ${formatBytes(storage.quotaBytes)} used`,
      good: storage.usedBytes !== null,
      note: storage.persisted
        ? 'Protected from being cleared.'
        : 'May be cleared when the disk runs full.',
    },
    {
      name: 'Work between tabs',
      value: 'locks' in navigator ? 'coordinated' : 'not coordinated',
      good: 'locks' in navigator,
      note: 'locks' in navigator ? null : 'Open the app in one tab only.',
    },
    { name: 'Browser', value: navigator.userAgent, good: null, note: null },
  ];
}

async function gpuFact(): Promise<DeviceFact> {
  const name = 'WebGPU';
  const missing = { name, good: false, note: 'The main processor is used instead.' };
  // not in every browser's navigator, and not in TypeScript's
  const { gpu } = navigator as Navigator & { gpu?: GpuLike };
  if (!gpu) return { ...missing, value: 'not in this browser' };
  try {
    const adapter = await gpu.requestAdapter();
    if (!adapter) return { ...missing, value: 'no graphics adapter' };
    const { vendor, architecture, description } = adapter.info ?? {};
    const words = [description || vendor, architecture].filter((word) => word);
    const value = words.length > 0 ? words.join(' ') : 'available';
    if (adapter.info?.isFallbackAdapter) return { ...missing, value: `${value} (software only)` };
    return {
      name,
      value,
      good: true,
      note: adapter.features.has('shader-f16') ? 'Half precision too.' : 'Single precision only.',
    };
  } catch (error) {
    return { ...missing, value: error instanceof Error ? error.message : String(error) };
  }
}

/** How a decoding went: `decoded 3600.0 s in 24.1 s (149 x real time, webcodecs)`. */
export function decodeText(measured: {
  audioMs: number;
  elapsedMs: number;
  decoder: string;
}): string {
  const { audioMs, elapsedMs, decoder } = measured;
  const times = elapsedMs > 0 ? Math.round(audioMs / elapsedMs) : 0;
  return `decoded ${(audioMs / 1000).toFixed(1)} s in ${(elapsedMs / 1000).toFixed(1)} s (${times} x real time, ${decoder})`;
}
