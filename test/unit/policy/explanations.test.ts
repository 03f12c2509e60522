import { expect, it } from 'vitest';
import { compile, type Decision, decide } from '../../../shared/policy/index.ts';
import { caseFiles, setOf } from './case-files.ts';

/** What an administrator reads of one decision. */
function explained({ outcome, reason, policies }: Decision): readonly string[] {
  const head = reason === undefined ? [] : [`  ${reason.code} ${reason.name}: ${reason.remedy}`];
  return [
    `  ${outcome}`,
    ...head,
    ...policies.flatMap(({ displayName, result, conditions = [], controls = [] }) => [
      `  ${displayName}: ${result}`,
      ...conditions.map(({ name, outcome, because }) => `    ${name} ${outcome}: ${because}`),
      ...controls.map(
        ({ control, satisfied, satisfiable, because }) =>
          `    ${control} ${satisfied ? 'satisfied' : satisfiable ? 'open' : 'unsatisfiable'}: ${because}`,
      ),
    ]),
  ];
}

/** Topics whose cases are few and differ; long tables of one thing say the same again and again. */
const told = [
  'every condition',
  'every grant control',
  'devices and clients',
  'passkey models of an authentication strength',
  'places',
  'readings of the fine print',
  'what cannot be read restricts',
];

// Read the difference before it is taken over: npm test -- test/unit/policy/explanations -u
it('every case is explained as it was', async () => {
  const text = caseFiles
    .filter(({ topic }) => told.includes(topic))
    .flatMap((file) => [
      `# ${file.topic}`,
      ...file.cases.flatMap((given) => [
        `${given.why}: ${given.name}`,
        ...explained(decide(compile(setOf(file, given)), given.facts)),
      ]),
      '',
    ])
    .join('\n');
  await expect(text).toMatchFileSnapshot('cases/explanations.txt');
});
