/**
 * @file The linker: WGSL's module scope is order-free, so linking is concatenation.
 *
 * A linked kernel is its spec block (enable, const, alias), then its files as they are. A segment table remembers which
 * lines came from where, so an error is told in the file that its author wrote.
 */
import { fail } from '../base/errors.ts';
import { boundLoops } from './bounded-loops.ts';
import type { KernelSpec, SpecBlock, WrittenText } from './kernel.ts';

/** Shader text by path below `shaders/`. */
export type ShaderSources = Readonly<Record<string, string>>;

export interface Segment {
  /** `shaders/pool/1_direct.wgsl`, or `spec block of …`. */
  readonly file: string;
  /** The linked line, from 1, on which the segment begins. */
  readonly start: number;
  readonly lines: number;
}

export interface LinkedKernel {
  readonly label: string;
  readonly code: string;
  readonly segments: readonly Segment[];
}

let sources: ShaderSources | undefined;

/** Gives the linker its files; the host does this once (Vite's glob in the page, the file system in Node). */
export function provideShaders(files: ShaderSources): void {
  sources = files;
}

export function shaderSource(path: string): string {
  if (!sources) fail('linker: no shader sources; call provideShaders() first');
  return (
    sources[path] ??
    fail(
      `linker: no shader file shaders/${path}; that folder has ${neighbours(path, sources).join(', ') || 'no shaders'}`,
    )
  );
}

function neighbours(path: string, files: ShaderSources): string[] {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return Object.keys(files)
    .filter((file) => file.startsWith(folder))
    .map((file) => file.slice(folder.length));
}

export function link(kernel: KernelSpec): LinkedKernel {
  const parts: { file: string; text: string }[] = [
    { file: `spec block of ${kernel.label}`, text: specText(kernel.spec) },
  ];
  for (const path of kernel.files ?? []) {
    parts.push({ file: `shaders/${path}`, text: withBanner(path) });
  }
  if (kernel.generated) parts.push({ file: `generated ${kernel.label}`, text: kernel.generated });
  if (kernel.written) parts.push(...writtenParts(kernel.written));

  const segments: Segment[] = [];
  let code = '';
  let line = 1;
  for (const { file, text } of parts) {
    if (text === '') continue;
    const block = text.endsWith('\n') ? text : `${text}\n`;
    const lines = block.split('\n').length - 1;
    segments.push({ file, start: line, lines });
    code += block;
    line += lines;
  }
  return { label: kernel.label, code, segments };
}

/** `shaders/pool/1_direct.wgsl:41:9` for a place in linked code. */
export function locate(linked: LinkedKernel, line: number, column: number): string {
  const segment = linked.segments.findLast((s) => s.start <= line);
  if (!segment) return `${linked.label}:${line}:${column}`;
  const banner = segment.file.startsWith('shaders/') ? 1 : 0;
  return `${segment.file}:${line - segment.start + 1 - banner}:${column}`;
}

/** A kernel's identity: equal keys give equal code. */
export function kernelKey(kernel: KernelSpec): string {
  const { files = [], spec, generated = '', written } = kernel;
  return `${files.join('+')}\n${specText(spec)}${generated}${written ? `\n// ${written.name}\n${writtenText(written)}` : ''}`;
}

const withBanner = (path: string): string => `// ---- shaders/${path}\n${shaderSource(path)}`;

const piecesOf = ({ wgsl, files = [] }: WrittenText): string[] => [wgsl, ...files.map(withBanner)];

/** What a person wrote, with the files of ours that it builds upon. */
export const wholeText = (written: WrittenText): string => piecesOf(written).join('\n');

function writtenText(written: WrittenText): string {
  const { turns } = written;
  const whole = wholeText(written);
  return turns === undefined ? whole : boundLoops(whole, { turns, apart: true, spareCounted: true });
}

/** Bounding loops adds no line but at the end. */
function writtenParts(written: WrittenText): { file: string; text: string }[] {
  const lines = writtenText(written).split('\n');
  const counts = piecesOf(written).map((text) => text.split('\n').length);
  const names = [written.name, ...(written.files ?? []).map((path) => `shaders/${path}`)];
  return names.map((file, i) => {
    const isLast = i === names.length - 1;
    return { file, text: lines.splice(0, isLast ? lines.length : counts[i]).join('\n') };
  });
}

function specText(spec: SpecBlock | undefined): string {
  if (!spec) return '';
  const lines = (spec.enable ?? []).map((name) => `enable ${name};`);
  for (const [name, value] of Object.entries(spec.const ?? {})) {
    lines.push(`const ${name} = ${typeof value === 'number' ? `${value}u` : value};`);
  }
  for (const [name, type] of Object.entries(spec.alias ?? {})) lines.push(`alias ${name} = ${type};`);
  return lines.length ? `${lines.join('\n')}\n` : '';
}
