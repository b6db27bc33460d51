// The published client (libs/client):
//   node scripts/client.mjs types [--check] [FILE|URL]  its types, from an OpenAPI document; without one a sandbox is asked
//   node scripts/client.mjs build FOLDER               the package's folder
//   node scripts/client.mjs pack FOLDER                the package as a tarball in a folder; prints its path
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { buildClient, packClient } from './client/package.mjs';
import { typesOf } from './client/types.mjs';
import { startSandbox } from './demo/sandbox.mjs';

const TYPES = join(import.meta.dirname, '../libs/client/src/openapi.ts');

const { values, positionals } = parseArgs({ options: { check: { type: 'boolean' } }, allowPositionals: true });
const [command, target] = positionals;

const commands = {
  types: async () => {
    const types = await typesOf(target === undefined ? await ownDocument() : await documentAt(target));
    if (!values.check) return writeFileSync(TYPES, types);
    if (readFileSync(TYPES, 'utf8') === types) return;
    console.error('libs/client/src/openapi.ts differs from the OpenAPI document: run "npm run client:types"');
    process.exitCode = 1;
  },
  build: async () => buildClient(target),
  pack: async () => console.log(packClient(target)),
};

if (commands[command] === undefined) throw new Error(`unknown command ${command}; use types, build or pack`);
await commands[command]();

async function ownDocument() {
  build();
  const sandbox = startSandbox();
  try {
    const { url } = await sandbox.ready;
    return await documentAt(`${url}/openapi.json`);
  } finally {
    await sandbox.stop();
  }
}

async function documentAt(place) {
  if (!/^https?:/.test(place)) return JSON.parse(readFileSync(place, 'utf8'));
  const answer = await fetch(place);
  if (!answer.ok) throw new Error(`${place}: ${answer.status}`);
  return answer.json();
}
