# One image for every process of a deployment; the command chooses which: api (default), worker, migrate (see
# docker-compose.yml). The target `simulator` is for development and never part of the default image.

ARG NODE_IMAGE=node:24-slim
FROM ${NODE_IMAGE} AS base
WORKDIR /app

FROM base AS build
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build
# Of everything that the build used: the console's files contain packages that are not installed in the image.
RUN npm sbom --package-lock-only --sbom-format cyclonedx --sbom-type application > /sbom.build.json

# Neither tools nor the embedded PostgreSQL, which comes as optional packages. Prisma's command line (a peer of its client,
# with packages under the EPL and without a licence) stays out as well: migrations run by its engine's WebAssembly build.
FROM base AS dependencies
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts && test ! -e node_modules/prisma
# What is installed. `npm sbom --omit dev` of npm 11 also leaves out packages that both kinds of dependencies use
# (2026-11), so it reads a manifest without the development tools.
RUN npm pkg delete devDependencies && npm sbom --sbom-format cyclonedx --sbom-type application > /sbom.json

FROM base AS runtime
ENV NODE_ENV=production NODE_OPTIONS="--enable-source-maps --max-semi-space-size=16 --v8-pool-size=2"
COPY --from=dependencies /app/node_modules node_modules
COPY --from=dependencies /sbom.json ./
COPY package.json ./
USER node
STOPSIGNAL SIGTERM

FROM runtime AS simulator
COPY --from=build /app/dist/libs dist/libs
COPY --from=build /app/dist/apps/simulator dist/apps/simulator
ENV SIMULATOR_HOST=0.0.0.0 SIMULATOR_ALLOW_REMOTE=true
EXPOSE 3900
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:3900/control/health').then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/apps/simulator/src/main.js"]

FROM runtime AS gateway
COPY prisma/migrations prisma/migrations
COPY --from=build /app/dist/libs dist/libs
COPY --from=build /app/dist/apps/api dist/apps/api
COPY --from=build /app/dist/apps/worker dist/apps/worker
COPY --from=build /app/dist/apps/accounts-check dist/apps/accounts-check
COPY --from=build /app/dist/apps/doctor dist/apps/doctor
COPY --from=build /app/dist/apps/retention dist/apps/retention
COPY --from=build /app/dist/apps/standalone dist/apps/standalone
COPY --from=build /app/dist/console dist/console
COPY --from=build /sbom.build.json ./
ENV HOST=0.0.0.0 PORT=3000
EXPOSE 3000
# For the api; what runs another command switches it off.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then((a) => process.exit(a.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/apps/api/src/main.js"]
