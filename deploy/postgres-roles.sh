#!/bin/sh
# Runs once, when the volume of docker-compose.yml is empty. A company's own PostgreSQL is prepared by the same
# statements (docs/postgresql.md).
set -eu
psql -v ON_ERROR_STOP=1 -v owner="$OWNER_PASSWORD" -v app="$APP_PASSWORD" -U "$POSTGRES_USER" -d postgres <<'SQL'
CREATE ROLE gateway_owner LOGIN PASSWORD :'owner';
CREATE ROLE gateway_app LOGIN PASSWORD :'app';
CREATE DATABASE gateway OWNER gateway_owner;
REVOKE ALL ON DATABASE gateway FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE gateway TO gateway_app;
SQL
