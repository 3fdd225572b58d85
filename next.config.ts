import type { NextConfig } from 'next';

const config: NextConfig = {
  poweredByHeader: false,
  // while developing requests are logged; the path of a share's link may hold its secret
  logging: { incomingRequests: { ignore: [/^\/+s(?:\/|%|$)/i] } },
  reactStrictMode: true,
  // one folder that runs by itself: what the container and `npm start` serve
  output: 'standalone',
  // loaded as they are: PGlite finds its WebAssembly beside itself
  serverExternalPackages: ['@electric-sql/pglite', 'libflacjs', 'pg', 'prom-client'],
  outputFileTracingIncludes: {
    '/**': ['./drizzle/**/*', './node_modules/@electric-sql/pglite/dist/*.{wasm,data}'],
  },
  outputFileTracingExcludes: {
    // sources are in the bundles, public files are served from beside the copy; of all, the server itself
    '**': ['./{app,e2e,lib,public,tools,workers}/**/*', './node_modules/{@img,sharp}/**/*'],
  },
  // a checkout that is built once and thrown away does not wait for a cache to be written
  experimental: { turbopackFileSystemCacheForBuild: !process.env.CI },
  // `npm run check` does: whoever starts the app does not wait for it
  typescript: { ignoreBuildErrors: true },
  // there is no picture to make smaller, so there is no route that does it
  images: { unoptimized: true },
};

export default config;
