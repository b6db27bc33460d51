-- Versions of the routes, all of them: who changed what, and when. The newest one is in force.
CREATE TABLE "route_version" (
  "version" integer NOT NULL,
  "routes" json NOT NULL,
  -- `put` by a caller, `halt` by the guard of a route.
  "change" text NOT NULL,
  -- The key that changed it, and the client whose log tells of halted routes: that of the last key.
  "changed_by" uuid,
  "client_id" uuid NOT NULL,
  "changed_at" timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "route_version_pkey" PRIMARY KEY ("version")
);

-- Findings of the shadow of a route. `cursors`: the last message looked at, by the account that sent it.
CREATE TABLE "route_shadow" (
  "route_id" uuid NOT NULL,
  "account" text NOT NULL,
  "compared" bigint NOT NULL DEFAULT 0,
  "different" bigint NOT NULL DEFAULT 0,
  "examples" json NOT NULL DEFAULT '[]',
  "cursors" json NOT NULL DEFAULT '{}',
  "updated_at" timestamptz(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

  CONSTRAINT "route_shadow_pkey" PRIMARY KEY ("route_id", "account")
);

-- Only of messages whose route has a guard or a shadow, so that all others cost nothing: the route, and whether a
-- recipient bounced for good, which the counts do not tell.
ALTER TABLE "message" ADD COLUMN "watched_route_id" uuid, ADD COLUMN "hard_bounced" boolean NOT NULL DEFAULT false;

CREATE INDEX "message_watched_route_idx" ON "message" ("watched_route_id", "provider", "id")
  WHERE "watched_route_id" IS NOT NULL;
