/**
 * @file Opens the engine in Node: an adapter, the shader files, the plan file, and a session on them.
 */
import { engine } from '../compile/engine.ts';
import { PlanCache } from '../dnn/choice/cache.ts';
import { provideShaders } from '../gpu/linker.ts';
import type { EngineInfo } from '../session/protocol.ts';
import type { SessionOptions } from '../session/session.ts';
import { Session } from '../session/session.ts';
import { openAdapter } from '../machine/adapters.ts';
import { locateSyntaxError } from './locate.ts';
import { PlanFile } from './plan-file.ts';
import { readShaders } from './shaders.ts';

export interface OpenSession {
  readonly session: Session;
  readonly info: EngineInfo;
  /** Ends the device, so that the process can end. */
  close(): void;
}

/**
 * On the adapter of that name, or the machine's best; `'cpu'` is the reference implementation. Throws for an unknown
 * name.
 */
export async function openSession(adapter?: string, require?: SessionOptions['require']): Promise<OpenSession> {
  provideShaders(readShaders());
  engine.plans = new PlanCache({ store: new PlanFile(), onTrouble: (text) => process.stderr.write(`${text}\n`) });
  const session = new Session({ versions: { node: process.versions.node }, require, locate: locateSyntaxError });
  const gpu = adapter === 'cpu' ? undefined : (await openAdapter(adapter)).gpu;
  const info = await session.start(gpu, 'the cpu reference was requested');
  return { session, info, close: () => engine.device?.destroy() };
}
