import { describe, expect, it } from 'vitest';
import { fuzz } from '../../fuzz/run.ts';
import { runs } from './runs.ts';

describe('the engine and the reference written from the contract', () => {
  it('R41: decide alike in 3,000 random cases', { timeout: 120_000 }, () => {
    const { numRuns } = runs(3000);
    const { found, outcomes } = fuzz(41, numRuns, 3);
    expect(found).toEqual([]);
    // Cases that all end alike would prove nothing.
    for (const outcome of ['grant', 'interrupt', 'block'])
      expect(outcomes[outcome]).toBeGreaterThan(numRuns / 30);
  });
});
