/**
 * @file A process that starts a Jupyter server, prints its address and waits: what a test kills.
 */
import { testJupyter } from './jupyter.ts';

const { address } = await testJupyter();
console.log(address);
setInterval(() => {}, 1000);
