/**
 * @file `npm start`: the page and its bridge to remotes, in one process, on this machine only. `npm run dev` is the
 * same with the page's sources as they are.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import util from 'node:util';
import { allowTypeScript, requireNode, requirePackages } from './packages.mjs';

const usage = `npm start [-- OPTIONS]

Starts the page and its bridge on this machine, prints the address and opens the browser.

  --port N    the first port to try (default 5173); the next free one is used
  --no-open   do not open the browser
  --dev       serve the sources unbuilt, and reload when they change
  --frame-by ORIGIN
              a page of this origin, such as https://school.example, may show
              embed.html in a frame; may be given several times (default: none)
  --help      this text
`;

requireNode();
await start().catch((error) => {
  console.error(`wuDNN could not start: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
});

async function start() {
  const options = parseOptions();
  if (options.help) return process.stdout.write(usage);
  requirePackages();
  await allowTypeScript();
  const { serve } = await import('../src/bridge/serve.ts');
  const { frameOrigins } = await import('../src/bridge/framing.ts');
  const frameBy = frameOrigins(options.frameBy);
  const onBuild = () => console.error('Building the page. This takes a few seconds…');
  const served = await serve({ port: options.port, develop: options.dev, frameBy, onBuild });
  endWith(served);
  const entry = served.entry();
  console.log(
    `wuDNN is at ${entry}\nThe address opens the page once, in one browser. Press Enter for another, Ctrl-C to stop.`,
  );
  if (frameBy.length > 0) console.log(`Pages of ${frameBy.join(', ')} may show ${served.url}embed.html.`);
  if (options.open && canOpen()) openBrowser(entry);
  createInterface({ input: process.stdin }).on('line', () => console.log(served.entry()));
}

/**
 * Leaves nothing behind, whoever asks for the end; who asks twice does not want to wait.
 * @param {{ close(): Promise<void> }} served
 */
function endWith(served) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) {
    process.once(signal, () => {
      process.once(signal, () => process.exit(1));
      void served.close().finally(() => process.exit());
    });
  }
}

function parseOptions() {
  try {
    const { values } = util.parseArgs({
      options: {
        port: { type: 'string', default: '5173' },
        'no-open': { type: 'boolean' },
        dev: { type: 'boolean' },
        'frame-by': { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean' },
      },
    });
    const port = Number(values.port);
    if (!Number.isInteger(port) || port < 1 || port > 65535)
      throw new Error(`--port takes a number from 1 to 65535, got '${values.port}'`);
    return { port, open: !values['no-open'], dev: values.dev, frameBy: values['frame-by'], help: values.help };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exit(2);
  }
}

/** A browser needs somebody to look at it. */
function canOpen() {
  if (process.env.CI) return false;
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** @param {string} url */
function openBrowser(url) {
  /** @type {Partial<Record<NodeJS.Platform, string[]>>} */
  const openers = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] };
  const [program, ...args] = openers[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => console.log('No browser could be opened. Open the address yourself.'));
  child.unref();
}
