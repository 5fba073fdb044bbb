/**
 * @file Quick info with documentation. What a call resolves to is a signature that all functions share
 * (src/torch/signature/types.ts), so TypeScript alone finds no docstring; it stands where the function is defined.
 */

/** A piece of text as TypeScript displays it. */
interface Part {
  readonly text: string;
}

export interface QuickInfo {
  readonly displayParts?: readonly Part[];
  readonly documentation?: readonly Part[];
  readonly textSpan: { readonly start: number; readonly length: number };
}

interface Place {
  readonly fileName: string;
  readonly textSpan: { readonly start: number; readonly length: number };
}

/** What is used of TypeScript's language service. */
export interface LanguageService {
  getQuickInfoAtPosition(file: string, position: number): QuickInfo | undefined;
  getDefinitionAtPosition(file: string, position: number): readonly Place[] | undefined;
  getNavigateToItems(
    name: string,
    limit: number,
  ): readonly (Place & { readonly name: string; readonly kind: string })[];
}

/** The quick info at a position, with the docstring of what is defined there. */
export function quickInfo(service: LanguageService, file: string, position: number): QuickInfo | undefined {
  const info = service.getQuickInfoAtPosition(file, position);
  if (!info) return undefined;
  const documentation = documentationAt(service, file, position, info);
  return documentation ? { ...info, documentation } : info;
}

function documentationAt(
  service: LanguageService,
  file: string,
  position: number,
  info = service.getQuickInfoAtPosition(file, position),
): readonly Part[] | undefined {
  if (!info || info.documentation?.length) return info?.documentation;
  const found = firstOf(service, service.getDefinitionAtPosition(file, position) ?? [], { file, position });
  return found ?? ofOutOfPlaceForm(service, info);
}

/** The first documentation at other places. */
function firstOf(
  service: LanguageService,
  places: readonly Place[],
  { file, position }: { readonly file: string; readonly position: number },
): readonly Part[] | undefined {
  for (const { fileName, textSpan } of places) {
    if (fileName === file && textSpan.start <= position && position < textSpan.start + textSpan.length) continue;
    const found = documentationAt(service, fileName, textSpan.start);
    if (found?.length) return found;
  }
  return undefined;
}

/** `x.abs_()` is documented by `abs`: in-place forms follow from the operations and have no definition of their own. */
function ofOutOfPlaceForm(service: LanguageService, { displayParts = [] }: QuickInfo): readonly Part[] | undefined {
  const name = displayParts.find(({ text }) => /^\w+_$/.test(text))?.text.slice(0, -1);
  if (name === undefined) return undefined;
  const places = service
    .getNavigateToItems(name, 100)
    .filter((item) => item.name === name && item.kind === 'const' && /\/src\/torch\/ops\//.test(item.fileName));
  const found = firstOf(service, places, { file: '', position: -1 });
  return found && [{ text: `In place, the result of ${name}: ` }, ...found];
}
