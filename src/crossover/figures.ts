/**
 * @file A crossover map as text, as CSV and as a picture. A cell's winner is the least of the times in its rows of the
 * CSV. The map of another library may stand beside it.
 */
import { formatDuration } from '../base/format.ts';
import { escapedHtml } from '../base/text.ts';
import type { CrossoverMap } from './map.ts';
import { dtypeAt, dtypesOf, legendOf, letterOf, marginOf, percentText, rowsOf, winnerOf } from './map.ts';

/** `'A 12%'` in a cell: the winner's letter, and how much slower the second is. */
export function textOf(map: CrossoverMap): string {
  const { base, direction, adapter, software, source, x, y } = map;
  const legend = legendOf(map.cells);
  const letterOf = (algo: string): string => legend.find((entry) => entry.algo === algo)!.letter;
  const table = [
    [`${y.size} \\ ${x.size}`, ...x.values.map(String)],
    ...rowsOf(map).map((row, j) => [
      String(y.values[j]),
      ...row.map((cell) => {
        const winner = winnerOf(cell);
        return winner ? `${letterOf(winner.algo)} ${percentText(marginOf(cell))}`.trim() : '–';
      }),
    ]),
  ];
  const width = Math.max(...table.flat().map(({ length }) => length)) + 2;
  return [
    `${base} ${direction}, ${dtypesOf(map)}, ${x.size} across and ${y.size} down, ${source}`,
    `${adapter}${software ? ' (software: times say nothing about a GPU)' : ''}`,
    '',
    ...table.map((row) => row.map((cell) => cell.padStart(width)).join('')),
    '',
    ...legend.map(({ letter, algo, count }) => `${letter} ${algo}, ${count} of ${map.cells.length} cells`),
    'Beside the letter: how much slower the second is.',
    ...(map.cells.some((cell) => !winnerOf(cell))
      ? ['–: nothing can run, or the budget ended before anything was timed.']
      : []),
    '',
  ].join('\n');
}

/** A row for each algorithm of each cell of each map. */
export function csvOf(...maps: readonly [CrossoverMap, ...CrossoverMap[]]): string {
  const [{ x, y }] = maps;
  const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const head = [
    x.size,
    y.size,
    'algorithm',
    'configuration',
    'ms',
    'source',
    'direction',
    'dtype',
    'adapter',
    'library',
  ];
  const rows = maps.flatMap((map) =>
    map.cells.flatMap((cell) =>
      cell.entries.map(({ algo, config, ms }) => {
        const { source, direction, adapter, library } = map;
        const fields = [cell.x, cell.y, algo, config, ms, source, direction, dtypeAt(map, cell), adapter, library];
        return fields.map((field) => quoted(String(field)));
      }),
    ),
  );
  return `${[head, ...rows].map((row) => row.join(',')).join('\n')}\n`;
}

const side = 64;
const room = { left: 72, top: 64, right: 16, line: 20 };

/** Told apart by those who see no red or no green; the letter is the second sign. */
const colours = ['#0b5cad', '#b35806', '#00704f', '#8a3a86', '#006f83', '#666400', '#b93d0c', '#4a5568'];

/** The winner by colour and letter, its lead over the second by the depth of the colour; the maps beside each other. */
export function svgOf(...maps: readonly [CrossoverMap, ...CrossoverMap[]]): string {
  // An algorithm has the same colour and letter in all of them.
  const signs = legendOf(maps.flatMap(({ cells }) => cells)).map(({ algo }) => algo);
  const pictures = maps.map((map) => pictureOf(map, signs));
  const height = Math.max(...pictures.map((picture) => picture.height));
  let width = 0;
  const placed = pictures.map((picture) => {
    const at = width;
    width += picture.width;
    return `<g transform="translate(${at} 0)">${picture.content}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="13" fill="#171b20"><rect width="100%" height="100%" fill="#fff"/>${placed.join('')}</svg>\n`;
}

function pictureOf(map: CrossoverMap, signs: readonly string[]): { width: number; height: number; content: string } {
  const { x, y, base, direction, library, adapter, source } = map;
  const legend = legendOf(map.cells);
  const width = Math.max(640, room.left + x.values.length * side + room.right);
  const bottom = room.top + y.values.length * side;
  const height = bottom + 40 + (legend.length + 2) * room.line;
  const cells = rowsOf(map).flatMap((row, j) =>
    row.map((cell, i) => {
      const winner = winnerOf(cell);
      const at = `translate(${room.left + i * side} ${room.top + j * side})`;
      if (!winner)
        return `<g transform="${at}"><rect width="${side}" height="${side}" fill="#f3f5f7" stroke="#fff"/></g>`;
      const rank = signs.indexOf(winner.algo);
      const depth = 0.2 + 0.5 * Math.min(1, marginOf(cell) ?? 1); // the letter stays readable on it
      return `<g transform="${at}"><title>${escapedHtml(`${x.size} ${cell.x}, ${y.size} ${cell.y}: ${cell.entries.map(({ algo, ms }) => `${algo} ${formatDuration(ms)}`).join(', ')}`)}</title><rect width="${side}" height="${side}" fill="${colours[rank % colours.length]}" fill-opacity="${depth.toFixed(2)}" stroke="#fff"/><text x="${side / 2}" y="30" text-anchor="middle" font-weight="600" font-size="18">${letterOf(rank)}</text><text x="${side / 2}" y="48" text-anchor="middle" font-size="11">${percentText(marginOf(cell))}</text></g>`;
    }),
  );
  const axes = [
    ...x.values.map((value, i) => label(room.left + (i + 0.5) * side, room.top - 8, String(value), 'middle')),
    ...y.values.map((value, j) => label(room.left - 8, room.top + (j + 0.5) * side + 4, String(value), 'end')),
    label(room.left, room.top - 28, `${x.size} →`, 'start'),
    label(room.left - 8, room.top - 8, `${y.size} ↓`, 'end'),
  ];
  const notes = legend.map(({ algo, count }, i) =>
    label(
      room.left,
      bottom + 24 + i * room.line,
      `${letterOf(signs.indexOf(algo))}  ${algo}, ${count} of ${map.cells.length} cells`,
      'start',
    ),
  );
  const feet = ['The deeper the colour, the further ahead of the second.', `All times are ${source}, ${adapter}.`];
  const content = [
    label(16, 20, `${library}: ${base} ${direction}, ${dtypesOf(map)}`, 'start'),
    ...axes,
    ...cells,
    ...notes,
    ...feet.map((text, i) => label(16, height - 30 + i * room.line, text, 'start')),
  ].join('');
  return { width, height, content };
}

const label = (x: number, y: number, text: string, anchor: 'start' | 'middle' | 'end'): string =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}">${escapedHtml(text)}</text>`;
