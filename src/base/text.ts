/**
 * @file Text made safe to show: a remote's words and names, what a file or a link claims to hold, what stands in HTML
 * and SVG.
 */

/** A terminal's escape sequence, with what belongs to it: colours, a cursor that moves, a window's title, a link. */
const escapes =
  // oxlint-disable-next-line no-control-regex
  /[\u001b\u009b](?:\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[PX^_][^\u001b]*(?:\u001b\\)?|\[?[0-?]*[ -/]*[@-~])/g;

/**
 * Control characters but tab and line feed; what turns the direction of writing; what is invisible and hides a
 * difference.
 */
const invisible =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** Whether a text stays as it is when it is made plain. */
export const isPlainText = (text: string): boolean => plainText(text) === text;

/** The text as content or quoted attribute of HTML, XML and SVG. */
export const escapedHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The text without what a terminal would obey, or what would make a page show it as another text. */
export function plainText(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(escapes, '').replace(invisible, '');
}
