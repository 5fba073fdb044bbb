/**
 * @file The link to a page in a certain state: which program, and which controls a teacher leaves out. One list of
 * properties says what can be in a link; a token is none of them.
 *
 * The properties stand in the address behind `#`, which no server sees, as in a query:
 * `#v=1&example=shapes&hide=compare,download`. A program is deflated and written in base64url.
 */
import { fail } from '../base/errors.ts';
import { writeJson } from '../base/json.ts';
import type { Language, Words } from '../base/words.ts';
import { isLanguage, languages } from '../base/words.ts';
import type { Layout } from './bench/layout.ts';
import { readLayout, writeLayout } from './bench/layout-text.ts';
import type { ForcedCandidate } from '../dnn/choice/records.ts';
import { say } from './language.ts';
import { readForced, readFixed, writeFixed } from './link-settings.ts';
import { pack, unpack } from './packed.ts';
import type { PaneId } from './panes/index.ts';
import { paneIds, panes } from './panes/index.ts';
import type { ResultCard } from './result-card.ts';
import { readCard, writeCard } from './result-card.ts';
import type { Selection } from './selection.ts';
import { readSelection, writeSelection } from './selection.ts';
import type { FixedSettings } from './settings.ts';

/** What can be hidden, and how the visitor knows it: buttons, and every pane. */
const buttons = {
  example: { en: 'Programs', zh: '程序' },
  compare: { en: 'Compare with remote', zh: '与远端对比' },
  download: { en: 'Download results', zh: '下载结果' },
  link: { en: 'Share', zh: '分享' },
  settings: { en: 'Settings', zh: '设置' },
} as const satisfies Record<string, Words>;

export type Control = keyof typeof buttons | PaneId;

export const controls = {
  ...buttons,
  ...(Object.fromEntries(paneIds.map((pane) => [pane, panes[pane].title])) as Record<PaneId, Words>),
} as const;

/** What links of the first version call a pane. */
const formerNames: Readonly<Record<string, PaneId>> = { algorithms: 'race' };

export interface LinkedState {
  /** An example's id. */
  readonly example?: string;
  /** A program's text. */
  readonly program?: string;
  readonly theme?: 'light' | 'dark';
  /** A lesson's id. */
  readonly lesson?: string;
  /** Of a kernel to write, by its id. */
  readonly assignment?: string;
  readonly lang?: Language;
  /** Larger type, and the lines that matter. */
  readonly lecture?: boolean;
  readonly hide?: readonly Control[];
  /** How the bench is divided. */
  readonly panes?: Layout;
  readonly select?: Selection;
  /** What runs in place of what would be chosen. */
  readonly force?: readonly ForcedCandidate[];
  /** Switches that hold whatever the program says. */
  readonly fix?: FixedSettings;
  /** A finished measurement of the program. */
  readonly result?: ResultCard;
}

type WholeState = Required<LinkedState>;

interface Property<T> {
  readonly write: (value: T) => string;
  /** Throws where the text is not of such a value. */
  readonly read: (text: string) => T;
}

/** One row a property: the compiler names what is missing. */
const properties: { readonly [Name in keyof WholeState]: Property<WholeState[Name]> } = {
  example: { write: String, read: (text) => matching(text, /^[a-z0-9-]{1,50}$/, { en: 'an example', zh: '示例' }) },
  program: { write: pack, read: (text) => unpack(text, say({ en: 'program', zh: '程序' }), maxProgramBytes) },
  theme: {
    write: String,
    read: (text) =>
      text === 'light' || text === 'dark'
        ? text
        : fail(say({ en: `link: there is no theme '${shorten(text)}'`, zh: `链接：没有主题“${shorten(text)}”` })),
  },
  lesson: { write: String, read: (text) => matching(text, /^[a-z0-9-]{1,50}$/, { en: 'a lesson', zh: '课程' }) },
  assignment: {
    write: String,
    read: (text) => matching(text, /^[a-z0-9-]{1,50}$/, { en: 'an assignment', zh: '作业' }),
  },
  lang: {
    write: String,
    read: (text) =>
      isLanguage(text)
        ? text
        : fail(
            say({
              en: `link: there is no language '${shorten(text)}'; there are ${languages.join(', ')}`,
              zh: `链接：没有语言“${shorten(text)}”；现有 ${languages.join(', ')}`,
            }),
          ),
  },
  lecture: {
    write: (on) => (on ? 'on' : ''),
    read: (text) =>
      text === 'on'
        ? true
        : fail(
            say({
              en: `link: lecture is '${shorten(text)}'; write on, or leave it out`,
              zh: `链接：lecture 是“${shorten(text)}”；请写 on，或不写`,
            }),
          ),
  },
  hide: { write: (names) => names.join(','), read: (text) => text.split(',').filter(Boolean).map(controlOf) },
  panes: { write: writeLayout, read: readLayout },
  select: { write: writeSelection, read: readSelection },
  force: { write: (all) => (all.length > 0 ? pack(writeJson(all)) : ''), read: readForced },
  fix: { write: writeFixed, read: readFixed },
  result: { write: writeCard, read: readCard },
};

const linkVersion = '1';
/** What a link or a file may bring. */
export const maxProgramBytes = 100_000;

/** The part of an address behind `#`. */
export function writeLink(state: LinkedState): string {
  const parts = names().flatMap((name) => {
    const value = write(name, state[name]);
    return value ? [`${name}=${value}`] : [];
  });
  return [`v=${linkVersion}`, ...parts].join('&');
}

/**
 * The state in an address' hash; `undefined` where the hash is no link of ours. Throws with the reason where it is a
 * broken one.
 */
export function readLink(hash: string): LinkedState | undefined {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const version = given.get('v');
  if (version === null) return undefined;
  if (version !== linkVersion)
    fail(
      say({
        en: `link: its version is ${shorten(version)}, but this page reads ${linkVersion}; reload the page to update it`,
        zh: `链接：其版本为 ${shorten(version)}，而本页读取 ${linkVersion}；请重新加载页面以更新`,
      }),
    );
  return Object.fromEntries(
    names()
      .filter((name) => given.has(name))
      .map((name) => [name, properties[name].read(given.get(name)!)]),
  );
}

function names(): (keyof WholeState)[] {
  return Object.keys(properties) as (keyof WholeState)[];
}

function write<Name extends keyof WholeState>(name: Name, value: WholeState[Name] | undefined): string {
  return value === undefined ? '' : properties[name].write(value);
}

function controlOf(name: string): Control {
  if (Object.hasOwn(formerNames, name)) return formerNames[name];
  return Object.hasOwn(controls, name)
    ? (name as Control)
    : fail(
        say({
          en: `link: there is no control '${shorten(name)}' to hide; there are ${Object.keys(controls).join(', ')}`,
          zh: `链接：没有可隐藏的控件“${shorten(name)}”；现有 ${Object.keys(controls).join(', ')}`,
        }),
      );
}

function matching(text: string, pattern: RegExp, what: Words): string {
  return pattern.test(text)
    ? text
    : fail(
        say({
          en: `link: '${shorten(text)}' does not name ${what.en}`,
          zh: `链接：“${shorten(text)}”不是${what.zh}的名称`,
        }),
      );
}

const shorten = (text: string): string => text.slice(0, 50);
