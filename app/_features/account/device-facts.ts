import { formatBytes, formatNumber } from '@/app/_features/ui';
import { storageFacts } from '@/lib/client/store';
import { t } from './messages';

/** A row of the table: the question, the answer, and what a bad answer means. */
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

/** Looks at the browser. Never throws: what is unknown is shown as such. */
export async function deviceFacts(): Promise<DeviceFact[]> {
  const [gpu, storage] = await Promise.all([gpuFact(), storageFacts()]);
  const isolated = window.crossOriginIsolated;
  const cores = navigator.hardwareConcurrency || 1;
  return [
    {
      name: t('isolation'),
      value: isolated ? t('on') : t('off'),
      good: isolated,
      note: isolated ? null : t('notIsolated'),
    },
    {
      name: t('processorCores'),
      value: String(cores),
      good: cores > 1,
      note: null,
    },
    gpu,
    {
      name: t('fastDecoding'),
      value: 'AudioDecoder' in window ? t('available') : t('notAvailable'),
      good: 'AudioDecoder' in window,
      note: 'AudioDecoder' in window ? null : t('slowDecoder'),
    },
    {
      name: t('storage'),
      value:
        storage.usedBytes === null || storage.quotaBytes === null
          ? t('unknown')
          : t('storageUsed', {
              used: formatBytes(storage.usedBytes),
              quota: formatBytes(storage.quotaBytes),
            }),
      good: storage.usedBytes !== null,
      note: storage.persisted ? t('storageProtected') : t('storageMayBeCleared'),
    },
    {
      name: t('betweenTabs'),
      value: 'locks' in navigator ? t('coordinated') : t('notCoordinated'),
      good: 'locks' in navigator,
      note: 'locks' in navigator ? null : t('oneTabOnly'),
    },
    { name: t('browser'), value: navigator.userAgent, good: null, note: null },
  ];
}

async function gpuFact(): Promise<DeviceFact> {
  const name = 'WebGPU';
  const missing = { name, good: false, note: t('mainProcessorUsed') };
  // not in every browser's navigator, and not in TypeScript's
  const { gpu } = navigator as Navigator & { gpu?: GpuLike };
  if (!gpu) return { ...missing, value: t('notInBrowser') };
  try {
    const adapter = await gpu.requestAdapter();
    if (!adapter) return { ...missing, value: t('noGraphicsAdapter') };
    const { vendor, architecture, description } = adapter.info ?? {};
    const words = [description || vendor, architecture].filter((word) => word);
    const value = words.length > 0 ? words.join(' ') : t('available');
    if (adapter.info?.isFallbackAdapter) return { ...missing, value: t('softwareOnly', { value }) };
    return {
      name,
      value,
      good: true,
      note: adapter.features.has('shader-f16') ? t('halfPrecision') : t('singlePrecision'),
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
  return t('decodedIn', {
    audio: formatNumber(audioMs / 1000, 1),
    elapsed: formatNumber(elapsedMs / 1000, 1),
    times,
    decoder,
  });
}

/** Tried in order: most browsers also call themselves Safari, and many Chrome. */
const BROWSERS = [
  [/\bEdgA?\//, 'Edge'],
  [/\b(OPR|Opera)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(HeadlessChrome|Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
] as const;

const SYSTEMS = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\b(Macintosh|Mac OS X)\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
] as const;

function find(names: readonly (readonly [RegExp, string])[], text: string): string | null {
  return names.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

/** What a browser calls itself, in words: `Chrome on Windows`. */
export function deviceName(userAgent: string): string {
  const browser = find(BROWSERS, userAgent);
  const system = find(SYSTEMS, userAgent);
  if (browser && system) return t('browserOnSystem', { browser, system });
  return browser ?? system ?? t('anotherProgram');
}
