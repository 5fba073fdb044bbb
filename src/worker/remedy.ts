/**
 * @file What a name that does not exist should have been: whoever comes from PyTorch writes `torch.manual_seed`, and a slip of the
 * shift key makes `nn.Conv2D`. The names of both differ from ours in case and underscores only.
 */

const plain = (name: string): string => name.replaceAll('_', '').toLowerCase();

/** An engine's message with the name that was meant, `'…; did you mean torch.manualSeed?'`, where one of the modules' namespaces has it. */
export function withRemedy(message: string, modules: Readonly<Record<string, object>>): string {
  const [, space, name] = /\b(\w+)\.(\w+) is not a (?:function|constructor)/.exec(message) ?? [];
  if (space === undefined) return message;
  const names = Object.values(modules).flatMap((module) => Object.keys((module as Record<string, object>)[space] ?? {}));
  const meant = names.find((other) => plain(other) === plain(name));
  return meant === undefined ? message : `${message}; did you mean ${space}.${meant}?`;
}
