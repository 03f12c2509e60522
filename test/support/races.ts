import type { StoreKind, TestHouse } from './house.ts';

const asked = process.env['VESTIBULE_RACES'];

/** How often each race is run: ten times with every test run, more where `npm run races` says so. */
const repetitions: Readonly<Record<StoreKind, number>> = {
  memory: Number(asked ?? 10),
  azurite: Number(asked ?? 10),
};

/** Of a test that is repeated. */
export const patience = (store: StoreKind): number => 60_000 + repetitions[store] * 10_000;

/** One world serves all repetitions of a race, each on a day of its own. */
export async function repeated(
  world: TestHouse,
  store: StoreKind,
  race: (n: number) => Promise<void>,
): Promise<void> {
  for (let n = 0; n < repetitions[store]; n++) {
    await race(n);
    world.clock.advance(86_400_000);
  }
}

/** All at once. */
export const times = <T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => make(index)));
