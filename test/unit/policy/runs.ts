interface Runs {
  readonly numRuns: number;
  readonly seed?: number;
  readonly endOnFailure?: boolean;
}

/**
 * How many cases a property gets. A mutation run puts thousands of mutants before each property: a tenth,
 * always the same ones and not made smaller, finds what the data cases leave.
 */
export const runs = (count: number): Runs =>
  process.env['VESTIBULE_MUTATION'] === undefined
    ? { numRuns: count }
    : { numRuns: Math.ceil(count / 10), seed: 1, endOnFailure: true };
