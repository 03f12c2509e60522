/**
 * The Bicep templates without a compiler: syntax, schemas, references, modules and what must stay
 * true of them. What only `bicep build` and Azure find is said in docs/deploy.md.
 */
import { assertions } from './infra/assertions.ts';
import { checkInfra } from './infra/check.ts';
import { isByHand } from './infra/schema.ts';

const { infra, faults } = await checkInfra('infra');
for (const { file, line, rule, detail } of faults)
  console.error(`infra/${file}:${line}: ${rule}: ${detail}`);
const resources = infra.files.flatMap((file) => file.resources);
const byHand = resources.filter(({ type, apiVersion }) => isByHand(`${type}@${apiVersion}`));
console.log(
  `${infra.files.length} files, ${resources.length} resources (${byHand.length} against schemas written by hand), ` +
    `${assertions.length} assertions, ${faults.length} faults`,
);
process.exitCode = faults.length > 0 || infra.files.length === 0 ? 1 : 0;
