import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DiskGuard } from './disk-guard.js';

describe(DiskGuard.name, () => {
  let dataDir: string;
  beforeEach(() => void (dataDir = mkdtempSync(join(tmpdir(), 'disk-guard-'))));
  afterEach(() => rmSync(dataDir, { recursive: true }));

  it('says when less is free than has to be', async () => {
    mkdirSync(join(dataDir, 'postgres'));
    expect(await new DiskGuard(dataDir, 1).isFull()).toBe(false);
    const full = new DiskGuard(dataDir, Number.MAX_SAFE_INTEGER);
    expect(await full.isFull()).toBe(true);
    await expect(full.check()).rejects.toThrow('free on the disk');
  });

  it('watches only the disk of an embedded database, and nothing when disabled', async () => {
    expect(await new DiskGuard(dataDir, Number.MAX_SAFE_INTEGER).isFull()).toBe(false);
    mkdirSync(join(dataDir, 'postgres'));
    expect(await new DiskGuard(dataDir, 0).isFull()).toBe(false);
  });
});
