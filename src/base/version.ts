/**
 * @file wuDNN's own version, as in package.json.
 */
export const wudnnVersion = '0.2.0';
