// The app builds, twice to the same, with nothing in it that does not belong there: npm run check:bundle
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildApp, faultsOf } from './build/build-app.ts';

const folder = mkdtempSync(join(tmpdir(), 'vestibule-build-'));
try {
  const [one, other] = [
    await buildApp(join(folder, 'one'), join(folder, 'one.map')),
    await buildApp(join(folder, 'other', 'deeper'), join(folder, 'other.map')),
  ];
  const faults = [
    ...faultsOf(one),
    ...(one.sha256 === other.sha256 ? [] : ['two builds of one source differ']),
  ];
  for (const fault of faults) console.error(fault);
  console.log(`${one.files.length} files, ${one.codeBytes} bytes of code, ${faults.length} faults`);
  process.exitCode = faults.length > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true });
}
