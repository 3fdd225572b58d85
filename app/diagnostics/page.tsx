import type { Metadata } from 'next';
import { DiagnosticsPage, t } from '@/app/_features/diagnostics';
import packageJson from '@/package.json';

export const metadata: Metadata = { title: t('checkDevice') };

/** The versions are read on the server: the page gets these few and not the whole manifest. */
export default function Page() {
  const { version, dependencies } = packageJson;
  return (
    <DiagnosticsPage
      versions={{
        AI2Text: version,
        'ONNX Runtime': dependencies['onnxruntime-web'],
        Mediabunny: dependencies.mediabunny,
        ffmpeg: dependencies['@ffmpeg/core'],
      }}
    />
  );
}
