/**
 * @file A container that runs on this machine, entered by the command of its engine: `docker exec`, `podman exec`. It
 * needs a Python with PyTorch inside, and neither a server nor a port.
 */
import { messageOf } from '../../../base/errors.ts';
import { askPython } from '../../doctor/python.ts';
import type { FactsContext, Stage } from '../../doctor/stages.ts';
import { examineStages, StageFailure, torchStages } from '../../doctor/stages.ts';
import { commandShell } from '../../local.ts';
import type { Shell } from '../../shell.ts';
import { runInFolder } from '../../shell.ts';
import { RemoteError } from '../../transport.ts';
import type { AddressKind } from './kind.ts';
import { failedAddress } from './kind.ts';

interface Container {
  /** `'docker'` or `'podman'`; its program has this name. */
  readonly engine: string;
  readonly name: string;
  readonly python: string;
}

/** `docker:NAME` or `docker:NAME/path/of/python`. The engines allow only such names, so none is taken for an option. */
function containerOf(address: string): Container {
  const [, engine, name, python = 'python3'] =
    /^(docker|podman):([A-Za-z0-9][\w.-]{0,127})(\/.+)?$/.exec(address) ?? [];
  if (engine === undefined || name === undefined)
    throw new RemoteError(
      'unreachable',
      `container: '${address.slice(0, 200)}' names no container; write docker:NAME or podman:NAME/path/of/python`,
    );
  return { engine, name, python };
}

const shellIn = ({ engine, name }: Container): Shell => commandShell(engine, ['exec', '-i', name, '/bin/sh', '-c']);

/** Says why nothing can be run in a container: there is no engine, it does not answer, the container does not run. */
async function whyNot(container: Container): Promise<{ message: string; remedy: string } | undefined> {
  const { engine, name } = container;
  try {
    const { status, stderr } = await shellIn(container).run('exit 0');
    if (status === 0) return undefined;
    const reason = stderr.trim().split('\n').at(-1) ?? '';
    return { message: `container: ${engine} cannot enter ${name}: ${reason}`, remedy: `${engine} ps --all` };
  } catch (error) {
    const message = `container: ${engine} cannot be started: ${messageOf(error)}`;
    return { message, remedy: `${engine} --version` };
  }
}

interface Context extends FactsContext {
  readonly container: Container;
}

const stages: readonly Stage<Context>[] = [
  {
    name: 'container',
    async examine({ container }) {
      const wrong = await whyNot(container);
      if (wrong) throw new StageFailure(wrong.message, wrong.remedy);
      return { message: `${container.name} runs` };
    },
  },
  {
    name: 'python',
    examine: (context) => {
      const { engine, name, python } = context.container;
      return askPython(context, shellIn(context.container), python, `${engine} exec ${name} which -a python3`);
    },
  },
  ...torchStages,
];

export const container: AddressKind = {
  protocols: ['docker:', 'podman:'],
  form: 'docker:NAME/path/of/python',
  about: 'a container that runs on this machine',
  hints: ['or podman:NAME; without a path, python3 is used'],
  transport({ address }) {
    const at = containerOf(address);
    return {
      name: address,
      async run(job, options = {}) {
        const wrong = await whyNot(at);
        if (wrong) throw new RemoteError('unreachable', `${wrong.message}; try ${wrong.remedy}`);
        return runInFolder(shellIn(at), at.python, job, options);
      },
    };
  },
  async examine({ address }, onStage) {
    try {
      return await examineStages(stages, { container: containerOf(address), facts: undefined }, onStage);
    } catch (error) {
      return failedAddress(messageOf(error), onStage);
    }
  },
};
