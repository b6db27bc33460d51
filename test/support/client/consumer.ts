import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../repository.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** An empty folder outside of the repository, with the packed client installed in it. */
export class Consumer {
  readonly folder: string;
  readonly tarball: string;

  private constructor(folder: string, tarball: string) {
    this.folder = folder;
    this.tarball = tarball;
  }

  static install(): Consumer {
    const folder = mkdtempSync(join(tmpdir(), 'gateway-consumer-'));
    const pack = ['scripts/client.mjs', 'pack', join(folder, 'tarball')];
    const tarball = execFileSync(process.execPath, pack, { cwd: root, encoding: 'utf8' }).trim();
    const consumer = new Consumer(folder, tarball);
    consumer.write('package.json', '{ "private": true }');
    // Without a dependency nothing is asked of a registry.
    const flags = ['--offline', '--no-audit', '--no-fund', '--loglevel=error'];
    execFileSync('npm', ['install', ...flags, tarball], { cwd: folder, stdio: 'pipe' });
    return consumer;
  }

  get installed(): string {
    return join(this.folder, 'node_modules/@email-gateway/client');
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  /** @returns what it printed @throws with what it printed, if it fails */
  run(command: string, args: readonly string[], env: Environment = {}): Promise<string> {
    const { PATH, HOME } = process.env;
    const options = { cwd: this.folder, env: { PATH, HOME, ...env }, timeout: 60_000 };
    return new Promise((resolve, reject) => {
      execFile(command, [...args], options, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`${command} ${args.join(' ')}: ${String(error.code)}\n${stdout}\n${stderr}`));
      });
    });
  }

  /** Checks files with the TypeScript of the repository; nothing may be wrong, in the client's declarations neither. */
  typecheck(files: readonly string[], options: Readonly<Record<string, unknown>>): Promise<string> {
    const compilerOptions = {
      ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true, target: 'es2022' },
      ...{ typeRoots: [join(root, 'node_modules/@types')], types: [] },
      ...options,
    };
    this.write('tsconfig.json', JSON.stringify({ compilerOptions, files }));
    return this.run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', '.']);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
