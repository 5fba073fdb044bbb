/**
 * Intent: every forward algorithm, in every configuration that it offers, agrees with the float64 reference on shapes
 * that reach every edge, writes all of its output and nothing else, and stays within the workspace that it reports.
 */
import { sweep } from '../support/conv-sweep.ts';
import '../support/four-lanes.ts';

await sweep('forward');
