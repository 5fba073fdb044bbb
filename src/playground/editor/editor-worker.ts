/**
 * @file Monaco's own worker, as a file of ours, since the bundler finds workers by relative paths.
 */
import 'monaco-editor/editor/editor.worker.js';
