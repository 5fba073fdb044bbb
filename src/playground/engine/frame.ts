/**
 * @file The frame that the engine's worker lives in: a document without an origin, whose policy the worker inherits
 * (public/engine.html). Removing it ends the worker, whatever that is doing.
 */
import { fail } from '../../base/errors.ts';

export interface EngineFrame {
  /** The page's calls into the engine, and what the engine tells by itself. */
  readonly calls: MessagePort;
  readonly events: MessagePort;
  remove(): void;
}

let script: Promise<string> | undefined;

/**
 * Opens a frame and starts the engine in it; `hosts` are those that it may reach. `onFailure` hears why it does not
 * start or breaks.
 */
export function openFrame(hosts: readonly string[], onFailure: (reason: string) => void): EngineFrame {
  const [calls, events] = [new MessageChannel(), new MessageChannel()];
  const frame = document.createElement('iframe');
  frame.title = 'The engine';
  frame.tabIndex = -1;
  frame.setAttribute('aria-hidden', 'true');
  frame.className = 'engine';
  if (isKeptPage()) frame.src = 'engine.html?kept';
  else {
    frame.setAttribute('sandbox', 'allow-scripts');
    frame.src = 'engine.html';
  }

  const onMessage = ({ source, data }: MessageEvent<unknown>): void => {
    if (source === frame.contentWindow) onFailure(String((data as { failed?: unknown } | null)?.failed).slice(0, 1000));
  };
  const onLoad = async (): Promise<void> => {
    frame.setAttribute('sandbox', 'allow-scripts'); // whatever is loaded there from now on
    try {
      const code = await (script ??= fetchScript());
      frame.contentWindow?.postMessage({ code, hosts }, '*', [calls.port2, events.port2]);
    } catch (error) {
      script = undefined;
      onFailure(error instanceof Error ? error.message : String(error));
    }
  };
  addEventListener('message', onMessage);
  frame.addEventListener('load', () => void onLoad(), { once: true });
  document.body.append(frame);

  return {
    calls: calls.port1,
    events: events.port1,
    remove() {
      removeEventListener('message', onMessage);
      calls.port1.close();
      events.port1.close();
      frame.remove();
    },
  };
}

/**
 * Whether the site's own service worker answers for this page. It cannot for a frame with the attribute, so it is asked
 * for a document that has the sandbox as a header (offline/worker.ts).
 */
const isKeptPage = (): boolean =>
  'serviceWorker' in navigator &&
  navigator.serviceWorker.controller?.scriptURL === new URL('sw.js', document.baseURI).href;

/** The engine as text: the frame may load nothing, so that the page hands it in. */
async function fetchScript(): Promise<string> {
  const response = await fetch('engine.js', { cache: 'no-cache' });
  if (!response.ok) fail(`its script did not load (status ${response.status}); reload the page`);
  return `${await response.text()}\n//# sourceURL=wudnn-engine.js`;
}
