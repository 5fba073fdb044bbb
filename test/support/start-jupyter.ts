/**
 * @file A process that starts a Jupyter server, prints its address and waits: what a test kills.
 */
import { startJupyter } from '../../src/bridge/jupyter-server.ts';

const { address } = await startJupyter(process.argv[2]);
console.log(address);
setInterval(() => {}, 1000);
