/**
 * @file The command line, `npm run -s wudnn -- COMMAND`: a table of commands, one file each.
 */
import { messageOf } from '../base/errors.ts';
import { nearest } from '../base/names.ts';

/** What a command's file exports. */
interface Command {
  readonly usage: string;
  /** Runs with the arguments after the command's name; resolves to the exit status. */
  readonly main: (args: string[]) => Promise<number>;
  /** The exit status where it throws; 1 unless it says otherwise. */
  readonly statusOfFailure?: number;
}

interface Row {
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

const commands: Readonly<Record<string, Row>> = {
  doctor: { summary: 'show what this machine has and what it lacks', load: () => import('./doctor.ts') },
  run: { summary: 'run a program on an adapter of this machine', load: () => import('./run.ts') },
  profile: { summary: 'show where the time of a program goes', load: () => import('./profile.ts') },
  tune: { summary: 'measure every algorithm for a shape, and keep the choice', load: () => import('./tune.ts') },
  race: { summary: 'race a convolution kernel of your own against all algorithms', load: () => import('./race.ts') },
  compile: {
    summary: 'show what torch.compile fuses in a program, and why not more',
    load: () => import('./compile.ts'),
  },
  explain: { summary: 'explain why an algorithm is expected to be fastest', load: () => import('./explain.ts') },
  map: { summary: 'show which algorithm wins where, over two sizes of a convolution', load: () => import('./map.ts') },
  lesson: {
    summary: 'list the lessons, or run one and see what this machine shows',
    load: () => import('./lesson.ts'),
  },
  grade: { summary: "check students' files of answers, and their kernels", load: () => import('./grade.ts') },
  compare: { summary: 'run a model here and in PyTorch on remotes, and compare', load: () => import('./compare.ts') },
  record: { summary: 'run a model on a remote and keep its report', load: () => import('./record.ts') },
};

const usage = `npm run -s wudnn -- COMMAND [ARGUMENTS]

${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(8)} ${summary}`)
  .join('\n')}

COMMAND --help explains a command.
`;

async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h') {
    process.stdout.write(usage);
    return 0;
  }
  if (!Object.hasOwn(commands, name))
    return misused(`there is no command '${name}'${suggestion(name, Object.keys(commands))}`, usage);
  const command = await commands[name].load();
  if (args[0] === '--help' || args[0] === '-h') {
    process.stdout.write(command.usage);
    return 0;
  }
  try {
    return await command.main(args);
  } catch (error) {
    if (isParseError(error)) return misused(meantOption(messageOf(error), command.usage), command.usage);
    process.stderr.write(`wudnn ${name}: ${withoutPrefix(messageOf(error), `${name}: `)}\n`);
    return command.statusOfFailure ?? 1;
  }
}

/** What `parseArgs` says of an option that does not exist, with the one that was meant. */
function meantOption(message: string, help: string): string {
  const [, option] = /^Unknown option '(-+[^']+)'/.exec(message) ?? [];
  return option === undefined
    ? message
    : `there is no option ${option}${suggestion(option, help.match(/--[a-z][a-z-]*/g) ?? [])}`;
}

/** Errors name the command themselves where they are thrown deep below it. */
const withoutPrefix = (text: string, prefix: string): string =>
  text.startsWith(prefix) ? text.slice(prefix.length) : text;

function suggestion(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return meant === undefined ? '' : `; did you mean ${meant}?`;
}

function misused(complaint: string, help: string): number {
  process.stderr.write(`wudnn: ${complaint}\n\n${help}`);
  return 2;
}

/** What `parseArgs` throws at an option that does not exist. */
function isParseError(error: unknown): boolean {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

console.debug = () => {}; // libraries tell there what they are about; what a program says goes another way

// Whoever reads our output may have had enough of it: `wudnn doctor | head`.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

process.exitCode = await main(process.argv.slice(2));
