/**
 * @file The keys as the visitor's keyboard names them.
 */
export const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** What lets Tab leave the editor, where it otherwise indents. */
export const leaveEditor = isMac ? 'Control+Shift+M' : 'Control+M';
