// The app as it is deployed: npm run build
import { buildApp, faultsOf } from './build/build-app.ts';

const built = await buildApp('dist', 'reports/source-maps/main.cjs.map');
for (const { file, bytes, sha256 } of built.files)
  console.log(`${sha256.slice(0, 16)}  ${String(bytes).padStart(10)}  dist/${file}`);
console.log(`${built.sha256}  all of it; the source map is in reports/source-maps`);
const faults = faultsOf(built);
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;
