import type { NextConfig } from 'next';

/**
 * What every answer carries, files and routes included; `proxy.ts` adds what depends on the page or
 * on the environment. Cross-origin isolation gives the page SharedArrayBuffer, which ONNX Runtime
 * needs for threads and the ffmpeg decoder for back-pressure. Everything the app loads is its own,
 * so nothing breaks.
 */
const everywhere = [
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  { key: 'Cross-Origin-Embedder-Policy', value: 'require-corp' },
  { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'Referrer-Policy', value: 'no-referrer' },
  // the app records from a microphone and from tabs; nothing else of the device is its business
  {
    key: 'Permissions-Policy',
    value:
      'microphone=(self), display-capture=(self), camera=(), geolocation=(), payment=(), usb=(), serial=(), hid=(), midi=(), browsing-topics=()',
  },
];

/** Routes answer no documents: a browser that is made to open one as a page gets an empty one. */
const routes = [
  { key: 'Content-Security-Policy', value: "default-src 'none'; frame-ancestors 'none'; sandbox" },
];

/** Folders of `public/` whose files run in workers, too; for a page that tells that one is missing. */
const files = [
  {
    key: 'Content-Security-Policy',
    value: "object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
  },
];

const config: NextConfig = {
  poweredByHeader: false,
  // while developing requests are logged; the path of a share's link may hold its secret
  logging: { incomingRequests: { ignore: [/^\/+s(?:\/|%|$)/i] } },
  reactStrictMode: true,
  // one folder that runs by itself: what the container and `npm start` serve
  output: 'standalone',
  // loaded as they are: PGlite finds its WebAssembly beside itself
  serverExternalPackages: ['@electric-sql/pglite', 'pg', 'prom-client'],
  outputFileTracingIncludes: {
    '/**': ['./drizzle/**/*', './node_modules/@electric-sql/pglite/dist/*.{wasm,data}'],
  },
  outputFileTracingExcludes: {
    // sources are in the bundles, public files are served from beside the copy; of all, the server itself
    '**': ['./{app,e2e,lib,public,scripts,workers}/**/*', './node_modules/{@img,sharp}/**/*'],
  },
  // there is no picture to make smaller, so there is no route that does it
  images: { unoptimized: true },
  async headers() {
    return [
      { source: '/:path*', headers: everywhere },
      { source: '/api/:path*', headers: routes },
      { source: '/:folder(ffmpeg|kernels|models|ort|resampler|vad)/:path+', headers: files },
    ];
  },
};

export default config;
