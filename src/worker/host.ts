/**
 * @file The engine's worker: a session behind Comlink, and what only a browser has.
 */
import { expose } from 'comlink';
import { engine } from '../compile/engine.ts';
import { PlanCache } from '../dnn/cache.ts';
import { context } from '../dnn/context.ts';
import { provideShaders } from '../gpu/linker.ts';
import { locateSyntaxError } from './locate.ts';
import { describeError } from './program.ts';
import { PlanDatabase } from './plan-database.ts';
import type { ConsoleEntry, EngineEvents, EngineHost } from './protocol.ts';
import { Session } from './session.ts';
import { Visibility } from './visibility.ts';
import { shaderFiles } from './shaders.ts';

/** Console entries of one run that are sent to the page; a loop that prints for ever must not drown it. */
const maxEntries = 10_000;

const session = new Session({ versions: browserVersion(), locate: locateSyntaxError });

/** Where errors go that no call awaits. */
let emit: (entry: ConsoleEntry) => void = () => {};

provideShaders(shaderFiles);
engine.plans = new PlanCache({ store: new PlanDatabase(), onTrouble: (text) => emit({ level: 'warn', text }) });

const visibility = new Visibility();
context.interruption = visibility.interruption;

const host: EngineHost = {
  start: () => session.start(navigator.gpu, whyNoWebGpu()),
  async run(program, events, forced) {
    await host.start();
    emit = limited((entry) => void events.console(entry));
    const local: EngineEvents = { console: emit, progress: (text) => void events.progress(text) };
    return session.run(program, local, forced);
  },
  outputs: () => session.outputs(),
  setHidden: async (hidden) => visibility.set(hidden),
  job: (request) => session.job(request),
  compare: (report, results, change) => session.compare(report, results, change),
  compareTraining: (report) => session.compareTraining(report),
};

function limited(send: (entry: ConsoleEntry) => void): (entry: ConsoleEntry) => void {
  let sent = 0;
  return (entry) => {
    sent++;
    if (sent <= maxEntries) send(entry);
    if (sent === maxEntries + 1) send({ level: 'warn', text: `more than ${maxEntries.toLocaleString('en')} lines were printed; the rest is not shown` });
  };
}

function reportLate(error: unknown): void {
  const { name, message, line } = describeError(error);
  emit({ level: 'error', text: `${name}: ${message}`, line });
}

// Errors that come after the program's end, or that nobody awaits, must not end the engine.
addEventListener('unhandledrejection', (event) => {
  event.preventDefault();
  reportLate(event.reason);
});
addEventListener('error', (event) => {
  event.preventDefault();
  reportLate(event.error);
});

function whyNoWebGpu(): string {
  if (!isSecureContext) return 'WebGPU needs a secure page: open this one by https, or on localhost';
  return 'This browser offers no WebGPU: use a recent Chrome, Edge, Firefox or Safari, and check that hardware acceleration is on';
}

/** The browser's name and version, `{ Chrome: '140.0.0.0' }`. */
function browserVersion(): Record<string, string> {
  const [, name, version] = /(Firefox|Edg|Chrome|Version)\/([\d.]+)/.exec(navigator.userAgent) ?? ['', 'browser', 'unknown'];
  return { [name === 'Version' ? 'Safari' : name === 'Edg' ? 'Edge' : name]: version };
}

expose(host);
