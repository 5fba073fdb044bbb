/**
 * @file The engine's worker: a session behind Comlink, and what only a browser has.
 *
 * It starts in a frame without an origin and under a policy that lets it load and reach nothing (public/engine.html),
 * since visitors' programs run in it. All that it tells is plain data, which the page checks: a program can say here
 * whatever it likes.
 */
import { expose } from 'comlink';
import { engine } from '../../compile/engine.ts';
import { PlanCache } from '../../dnn/choice/cache.ts';
import { context } from '../../dnn/choice/context.ts';
import { provideShaders } from '../../gpu/linker.ts';
import { browserVersion } from './browser-version.ts';
import { locateSyntaxError } from './locate.ts';
import { PlanPort } from './plan-port.ts';
import { describeError } from '../../session/program.ts';
import type { ConsoleEntry, EngineEvents } from '../../session/protocol.ts';
import type { EngineEvent, EngineHost } from './protocol.ts';
import { mapCell } from '../../session/map-cell.ts';
import { Session } from '../../session/session.ts';
import { Visibility } from './visibility.ts';
import { shaderFiles } from './shaders.ts';

/** Console entries of one run that are sent to the page; a loop that prints for ever must not drown it. */
const maxEntries = 10_000;

const session = new Session({ versions: browserVersion(), locate: locateSyntaxError });

/** Where errors go that no call awaits. */
let emit: (entry: ConsoleEntry) => void = () => {};

provideShaders(shaderFiles);

/** What is measured goes on meanwhile, and shares the machine with the page that draws it. */
const standingsMs = 150;

const visibility = new Visibility();
context.interruption = visibility.interruption;

/** The engine as the page calls it; `tell` is the other way. */
function createHost(tell: (event: EngineEvent) => void): EngineHost {
  let told = 0;
  context.onStanding = (standing) => {
    if (performance.now() - told < standingsMs) return;
    told = performance.now();
    tell({ event: 'standing', standing });
  };
  const start = () => session.start(navigator.gpu, whyNoWebGpu());
  return {
    start,
    async run(program, { plans, ...options }) {
      await start();
      emit = limited((entry) => tell({ event: 'console', entry }));
      if (plans) engine.plans = new PlanCache({ store: new PlanPort(plans, (plan) => tell({ event: 'plan', plan })) });
      const local: EngineEvents = {
        console: emit,
        figure: (figure) => tell({ event: 'figure', figure }),
        progress: (text) => tell({ event: 'progress', text }),
      };
      return session.run(program, local, options);
    },
    outputValues: async (name) => session.outputValues(name),
    inspection: async () => session.inspection(),
    kernelText: async (place) => session.kernelText(place),
    checkKernel: (text) => session.checkKernel(text),
    trialKernel: (request) => session.trialKernel(request),
    async mapCell(request) {
      await start();
      return mapCell(request);
    },
    outputs: () => session.outputs(),
    setHidden: async (hidden) => visibility.set(hidden),
    job: (request) => session.job(request),
    compare: (report, results, change) => session.compare(report, results, change),
    compareTraining: (report) => session.compareTraining(report),
  };
}

function limited(send: (entry: ConsoleEntry) => void): (entry: ConsoleEntry) => void {
  let sent = 0;
  return (entry) => {
    sent++;
    if (sent <= maxEntries) send(entry);
    if (sent === maxEntries + 1)
      send({
        level: 'warn',
        text: `more than ${maxEntries.toLocaleString('en')} lines were printed; the rest is not shown`,
      });
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
  if (!isSecureContext) return 'WebGPU needs a secure page: open this one over https or on localhost';
  return 'This browser offers no WebGPU: use a recent Chrome, Edge, Firefox or Safari, and check that hardware acceleration is on';
}

// The frame hands in the two ports.
addEventListener(
  'message',
  ({ ports: [calls, events] }) => {
    const tell = (event: EngineEvent): void => events.postMessage(event);
    // An address that both of the frame's policies forbid is told twice in a row.
    let last = '';
    addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI: url }) => {
      if (effectiveDirective === 'connect-src' && url !== last) tell({ event: 'refused', url: (last = url) });
    });
    expose(createHost(tell), calls);
  },
  { once: true },
);
