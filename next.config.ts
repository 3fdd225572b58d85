import type { NextConfig } from 'next';

/**
 * Cross-origin isolation gives the page SharedArrayBuffer, which ONNX Runtime needs for threads
 * and the ffmpeg decoder for back-pressure. Everything the app loads is its own, so nothing breaks.
 */
const isolation = [
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  { key: 'Cross-Origin-Embedder-Policy', value: 'require-corp' },
  { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'Referrer-Policy', value: 'no-referrer' },
];

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  async headers() {
    return [{ source: '/:path*', headers: isolation }];
  },
};

export default config;
