/**
 * @file The API reference: every signature with its docstring, in PyTorch's order of namespaces, as one page that needs
 * nothing else.
 */
import type { Param } from '../../src/torch/signature.ts';
import type { Signature } from '../../src/torch/signature/match.ts';
import { snakeCase } from '../../src/base/python.ts';
import { escapedHtml } from '../../src/base/text.ts';
import { call, literal } from './call.ts';
import type { SignedValue } from './signed-value.ts';
import { signed } from './signed-value.ts';

/**
 * The namespaces in the order of PyTorch's own reference: what programs write, what PyTorch calls it, and its pages.
 */
const spaces: readonly {
  readonly here: string;
  readonly there: string;
  readonly page?: string;
  readonly about?: string;
}[] = [
  { here: 'torch', there: 'torch' },
  { here: 'nn', there: 'torch.nn' },
  { here: 'F', there: 'torch.nn.functional' },
  { here: 'x', there: 'torch.Tensor', about: 'Methods of a tensor x.' },
  { here: 'torch.amp', there: 'torch.amp', page: 'amp' },
  { here: 'torch.autograd', there: 'torch.autograd' },
  { here: 'nn.init', there: 'torch.nn.init', page: 'nn.init' },
  { here: 'nn.utils', there: 'torch.nn.utils' },
  { here: 'optim', there: 'torch.optim' },
  { here: 'optim.lrScheduler', there: 'torch.optim.lr_scheduler' },
  { here: 'utils.data', there: 'torch.utils.data', page: 'data', about: 'Reached as torch.utils.data.' },
  { here: 'vision.models', there: 'torchvision.models' },
  { here: 'vision.datasets', there: 'torchvision.datasets' },
  { here: 'vision.io', there: 'torchvision.io' },
  { here: 'dnn', there: 'cuDNN' },
];

/** `code` within a docstring. */
const prose = (text: string): string => escapedHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>');

function row({ name, kind, ours, required, usual }: Param): string {
  const about = kind.refused
    ? `takes ${literal(usual)} alone; ${kind.give}`
    : `${kind.is}${usual === null && !required ? ', or null' : ''}${ours ? '; PyTorch has no such argument' : ''}`;
  return `<tr><th scope="row"><code>${name}</code></th><td>${prose(about)}</td><td>${required ? 'required' : `<code>${escapedHtml(literal(usual))}</code>`}</td></tr>`;
}

/** PyTorch's name, with its page where there is one. */
function theirs(space: (typeof spaces)[number], { path }: SignedValue, { name }: Signature): string {
  const own = path
    .slice(space.here.length + 1)
    .split('.')
    .map(snakeCaseOfFunction)
    .join('.');
  const full = `${space.there}.${own}`;
  if (name.startsWith('ours.') || (!space.there.startsWith('torch.') && space.there !== 'torch'))
    return space.there === 'cuDNN' ? '' : '<span class="theirs">no call of PyTorch has this name</span>';
  if (own.startsWith('_') || name.split('.').at(-1)!.startsWith('_'))
    return `<span class="theirs">${escapedHtml(name)}</span>`;
  const base = 'https://pytorch.org/docs/stable/';
  const [owner] = own.split('.');
  const target = own.includes('.') ? `${space.there}.${owner}` : full;
  const address = space.page ? `${base}${space.page}.html#${full}` : `${base}generated/${target}.html#${full}`;
  return `<a class="theirs" href="${address}">${escapedHtml(full)}</a>`;
}

/** Classes keep their names. */
const snakeCaseOfFunction = (name: string): string => (/^[A-Z]/.test(name) ? name : snakeCase(name));

function entry(space: (typeof spaces)[number], callable: SignedValue, docstring: string): string {
  const { path, signatures, use } = callable;
  const rows = signatures.map(({ params }) => {
    const listed = params.slice(use === 'method' ? 1 : 0);
    return listed.length ? `<table><tbody>${listed.map(row).join('')}</tbody></table>` : '';
  });
  const heads = signatures.map(
    (signature, i) => `<pre><code>${escapedHtml(call(callable, signature))}</code></pre>${rows[i]}`,
  );
  return `<article id="${path}" data-name="${escapedHtml(`${path} ${signatures[0].name}`.toLowerCase())}">
<h3><a href="#${path}">${path}</a> ${theirs(space, callable, signatures[0])}</h3>
<p>${prose(docstring).replaceAll(/\n+/g, ' ')}</p>
${heads.join('\n')}
</article>`;
}

/** Where a callable stands: in the longest namespace that its path begins with. */
const spaceOf = ({ path }: SignedValue): string =>
  spaces
    .map(({ here }) => here)
    .filter((here) => path.startsWith(`${here}.`))
    .toSorted((a, b) => b.length - a.length)[0];

/** Calls of layers are described with the layers. */
const isListed = ({ path, use }: SignedValue): boolean => use !== 'member' || !path.endsWith('.forward');

export function apiPage(docstrings: ReadonlyMap<string, string>, styles: string): string {
  const listed = signed.filter(isListed);
  const sections = spaces.map((space) => {
    const inIt = listed
      .filter((callable) => spaceOf(callable) === space.here)
      .toSorted((a, b) => (a.path < b.path ? -1 : 1));
    const names = inIt.map(({ path }) => `<a href="#${path}">${path.slice(space.here.length + 1)}</a>`).join(' ');
    return `<section><h2 id="${space.there}">${space.there}</h2>
${space.about ? `<p>${space.about}</p>` : ''}
<details><summary>${inIt.length} names</summary><p class="names">${names}</p></details>
${inIt.map((callable) => entry(space, callable, docstrings.get(callable.path) ?? '')).join('\n')}
</section>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none'" />
<meta name="referrer" content="no-referrer" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<title>wuDNN: API reference</title>
<link rel="icon" href="icon.svg" type="image/svg+xml" />
<style>${styles}</style>
<script src="api.js" defer></script>
</head>
<body class="api">
<header class="masthead"><h1><a href="./">wuDNN</a> API reference</h1>
<p>Arguments stand in PyTorch's places, or by name in one object behind the others. Those between { } are given by name alone.</p>
<label class="search">Search <input type="search" autocomplete="off" placeholder="conv2d, keepdim, Adam…" /></label>
<p class="count" role="status"></p>
<nav aria-label="Namespaces">${spaces.map(({ there }) => `<a href="#${there}">${there}</a>`).join(' ')}</nav></header>
<main>
${sections.join('\n')}
</main>
</body>
</html>
`;
}
