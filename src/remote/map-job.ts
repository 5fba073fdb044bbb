/**
 * @file The job of a crossover map: PyTorch's program asks cuDNN about shapes of the map, and the report has its table
 * of each. It has a model only because a job has one: one that gives back what it is given.
 */
import { pythonString } from '../base/python.ts';
import { encodeSafetensors } from '../base/safetensors.ts';
import type { Job } from './job.ts';
import { defaultSettings, tensorNames } from './job.ts';
import { deviceLine, entryOf, howToRun, importLines, mapParts } from './parts.ts';
import { checkJob } from './printed/check.ts';
import { printSettings } from './program.ts';
import { pythonSource } from './python.ts';

/** A convolution of the map. */
export interface AskedCell {
  /** N, C, H, W, K, R, S, stride, padding. */
  readonly sizes: readonly number[];
  readonly dtype: 'float32' | 'float16';
}

/** The class of its model, by which its results are told from those of a visitor's. */
export const mapModel = 'CrossoverMap';

/** Asks about these cells, in their order, for so many seconds at most; a cell that was begun is finished. */
export function createMapJob(cells: readonly AskedCell[], seconds: number): Job {
  const settings = { ...defaultSettings, warmup: 0, repeats: 0 };
  const program = [
    `"""${mapModel}, printed by wuDNN: cuDNN's own times of each convolution, on the GPU of this machine.\n`,
    ...howToRun,
    ...importLines(mapParts),
    '',
    'import torch',
    'import torch.nn as nn',
    '',
    deviceLine(settings.device),
    '\n',
    `class ${mapModel}(nn.Module):`,
    '    def forward(self, x):',
    '        return x',
    '\n',
    `MODEL = ${mapModel}`,
    'INPUTS = ["x"]',
    'OUTPUTS = ["output"]',
    `SETTINGS = ${printSettings(settings, false)}`,
    `CELLS = ${printCells(cells, seconds)}`,
    '\n',
    ...mapParts.map(({ file }) => `${pythonSource(file)}\n`),
    `PARTS = [${mapParts.flatMap(({ run }) => run ?? []).join(', ')}]`,
    '\n',
    pythonSource('job.py'),
    '',
    entryOf(mapParts),
  ].join('\n');
  const x = { shape: [1], dtype: 'float32', data: new Float32Array(1) } as const;
  return checkJob({ model: mapModel, program, tensors: encodeSafetensors([[tensorNames.input('x'), x]]) });
}

const printCells = (cells: readonly AskedCell[], seconds: number): string => `{
    "seconds": ${seconds},
    "cells": [
${cells.map(({ sizes, dtype }) => `        {"sizes": [${sizes.join(', ')}], "dtype": ${pythonString(dtype)}},\n`).join('')}    ],
}`;
