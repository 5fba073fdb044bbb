/**
 * @file Lengths of the page's styles in rem, so that one number, the root's size of type, scales the page as a whole.
 * Styles are written in px, 16 to a rem. Lines of up to 3 px stay as they are; so does what is written as a multiple of
 * 1px, as are letters within a picture that is scaled by itself.
 */
import type { Plugin } from 'postcss';

const perRem = 16;
const thickestLine = 3;
const ownStyles = '/src/playground/styles/';

export const inRem = (value: string): string =>
  value.replaceAll(/(?<![\w.-])(-?)(\d*\.?\d+)px\b/g, (whole, sign: string, digits: string) =>
    Number(digits) <= thickestLine ? whole : `${sign}${Number(digits) / perRem}rem`,
  );

export const rem = (): Plugin => ({
  postcssPlugin: 'rem',
  Once(root) {
    if (!root.source?.input.file?.replaceAll('\\', '/').includes(ownStyles)) return;
    root.walkDecls((declaration) => {
      declaration.value = inRem(declaration.value);
    });
    root.walkAtRules('container', (rule) => {
      rule.params = inRem(rule.params);
    });
  },
});
