/**
 * @file Monaco's TypeScript service, as a file of ours, since the bundler finds workers by relative paths.
 */
import 'monaco-editor/language/typescript/ts.worker.js';
