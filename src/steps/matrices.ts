/**
 * @file Small matrices by rows.
 */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly values: readonly number[];
}

export const matrix = (rows: number, columns: number, values: readonly number[]): Matrix => ({ rows, columns, values });

export function product(a: Matrix, b: Matrix): Matrix {
  const values = Array.from({ length: a.rows * b.columns }, (_, i) => {
    const [row, column] = [Math.floor(i / b.columns), i % b.columns];
    let sum = 0;
    for (let j = 0; j < a.columns; j++) sum += a.values[row * a.columns + j] * b.values[j * b.columns + column];
    return sum;
  });
  return matrix(a.rows, b.columns, values);
}

export const transposed = ({ rows, columns, values }: Matrix): Matrix =>
  matrix(
    columns,
    rows,
    Array.from({ length: rows * columns }, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]),
  );

export const times = (a: Matrix, b: Matrix): Matrix =>
  matrix(
    a.rows,
    a.columns,
    a.values.map((value, i) => value * b.values[i]),
  );

export const plus = (a: Matrix, b: Matrix): Matrix =>
  matrix(
    a.rows,
    a.columns,
    a.values.map((value, i) => value + b.values[i]),
  );
