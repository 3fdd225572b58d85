# Two images: the whole app (`docker build -t ai2text .`; docs/deploying.md says how to run it), and a worker
# (`docker build --target worker -t ai2text-worker .`; docs/workers.md).

FROM node:20-bookworm-slim AS source
WORKDIR /app
ENV NEXT_TELEMETRY_DISABLED=1
COPY package.json package-lock.json ./
COPY tools/run.mjs ./tools/
# without a command it only installs the locked dependencies
RUN node tools/run.mjs
COPY . .

FROM source AS worker-build
RUN node tools/run.mjs tools/worker/bundle.ts --out /worker

FROM node:20-bookworm-slim AS worker
RUN apt-get update \
    && apt-get install -y --no-install-recommends ffmpeg tini \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o node -g node -m 700 /data
WORKDIR /app
COPY --from=worker-build /worker ./
ENV NODE_ENV=production \
    DATA_DIR=/data \
    WORKER_HOST=0.0.0.0
USER node
# models beside the built-in ones
VOLUME /data
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["node", "tools/worker/worker.mjs"]

FROM source AS build
# the links are for serving from the source tree; below, the files themselves come with it
RUN npm run build \
    && rm .next/standalone/public .next/standalone/.next/static

FROM node:20-bookworm-slim AS app
# passes signals on to the server, and collects what its children leave behind
RUN apt-get update \
    && apt-get install -y --no-install-recommends tini \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o node -g node -m 700 /data
WORKDIR /app
# owned by root: the server cannot change its own code
COPY --from=build /app/.next/standalone ./
COPY --from=build /app/.next/static ./.next/static
COPY --from=build /app/public ./public
COPY LICENSE NOTICE ./
ENV NODE_ENV=production \
    NEXT_TELEMETRY_DISABLED=1 \
    HOSTNAME=0.0.0.0 \
    PORT=3000 \
    DATA_DIR=/data \
    # longer than balancers keep idle connections: theirs must be the side that ends one
    KEEP_ALIVE_TIMEOUT=75000
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/api/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["node", "server.js"]
