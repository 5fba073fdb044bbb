/**
 * @file Orthonormal matrices from random ones: the Q of a QR decomposition by Gram and Schmidt, each vector cleaned
 * twice, which is as exact as Householder's way (Giraud and others, Numerische Mathematik 101, 2005).
 */

/**
 * The orthogonal factor of a matrix [rows, columns] in row-major order, as doubles. Where it has fewer rows than
 * columns its rows are made orthonormal, else its columns. R's diagonal is positive, which makes the factor unique.
 */
export function orthogonalRows(matrix: ArrayLike<number>, rows: number, columns: number): Float64Array {
  const byRows = rows < columns;
  const [count, length] = byRows ? [rows, columns] : [columns, rows];
  const at = (vector: number, i: number): number => (byRows ? vector * columns + i : i * columns + vector);
  const out = new Float64Array(rows * columns);
  for (let v = 0; v < count; v++) {
    const vector = Float64Array.from({ length }, (_, i) => matrix[at(v, i)]);
    for (let pass = 0; pass < 2; pass++) {
      for (let u = 0; u < v; u++) {
        let dot = 0;
        for (let i = 0; i < length; i++) dot += vector[i] * out[at(u, i)];
        for (let i = 0; i < length; i++) vector[i] -= dot * out[at(u, i)];
      }
    }
    const norm = Math.hypot(...vector);
    for (let i = 0; i < length; i++) out[at(v, i)] = vector[i] / norm;
  }
  return out;
}
