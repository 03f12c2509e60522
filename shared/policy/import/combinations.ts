import { isObject, type JsonObject } from '../wire.ts';

/** What a rule on combinations looks at: a normalised policy, words in lower case. */
interface Shape {
  readonly conditions: JsonObject;
  readonly users: JsonObject;
  readonly applications: JsonObject;
  readonly controls: readonly string[];
  readonly strength: boolean;
  readonly all: boolean;
  readonly session: JsonObject;
  readonly frequency: JsonObject;
  readonly grant: JsonObject;
}

/** A combination Graph refuses; `path` points at the member to change. */
interface CombinationRule {
  readonly path: readonly string[];
  readonly message: string;
  broken(shape: Shape): boolean;
}

function object(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function words(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value.filter((v): v is string => typeof v === 'string').map((v) => v.toLowerCase());
}

function isWord(value: unknown, word: string): boolean {
  return typeof value === 'string' && value.toLowerCase() === word.toLowerCase();
}

function shapeOf(policy: JsonObject): Shape {
  const conditions = object(policy['conditions']);
  const grant = object(policy['grantControls']);
  const session = object(policy['sessionControls']);
  return {
    conditions,
    users: object(conditions['users']),
    applications: object(conditions['applications']),
    controls: words(grant['builtInControls']),
    strength: 'authenticationStrength' in grant,
    all: !isWord(grant['operator'], 'OR'),
    session,
    frequency: object(session['signInFrequency']),
    grant,
  };
}

/** All applications, and nothing left out. */
function isEveryApp({ applications }: Shape): boolean {
  return (
    words(applications['includeApplications']).includes('all') &&
    !('excludeApplications' in applications) &&
    !('applicationFilter' in applications)
  );
}

/** Whether there are conditions beside the named ones; every client application is no condition. */
function hasOthers({ conditions }: Shape, allowed: readonly string[]): boolean {
  return Object.keys(conditions).some((name) => {
    // How an empty choice of flows is stored.
    if (isWord(object(conditions[name])['transferMethods'], 'none')) return false;
    if (name === 'clientAppTypes') return words(conditions[name]).some((type) => type !== 'all');
    return !['users', 'applications', ...allowed].includes(name);
  });
}

const appControls = ['approvedapplication', 'compliantapplication'];

const rules: readonly CombinationRule[] = [
  {
    path: ['conditions', 'users'],
    message: 'a policy needs users, or workloads in clientApplications',
    broken: ({ users, conditions }) =>
      !Object.keys(users).some((name) => name.startsWith('include')) &&
      !('clientApplications' in conditions),
  },
  {
    path: ['conditions', 'applications'],
    message: 'a policy needs applications, user actions or authentication contexts',
    broken: ({ applications }) => Object.keys(applications).length === 0,
  },
  {
    path: ['grantControls'],
    message: 'a policy needs a grant or a session control',
    broken: ({ grant, session }) =>
      Object.keys(grant).every((name) => name === 'operator') && Object.keys(session).length === 0,
  },
  {
    path: ['grantControls', 'builtInControls'],
    message: 'block stands alone',
    broken: ({ grant, controls }) =>
      controls.includes('block') &&
      (controls.length > 1 ||
        Object.keys(grant).some((name) => name !== 'operator' && name !== 'builtInControls')),
  },
  {
    path: ['grantControls', 'authenticationStrength'],
    message: 'mfa and an authentication strength exclude each other',
    broken: ({ controls, strength }) => strength && controls.includes('mfa'),
  },
  {
    path: ['grantControls', 'builtInControls'],
    message:
      'passwordChange needs mfa or a strength beside it (AND), userRiskLevels, all applications and no other condition',
    broken: (shape) =>
      shape.controls.includes('passwordchange') &&
      (!shape.all ||
        !(shape.strength || shape.controls.includes('mfa')) ||
        !('userRiskLevels' in shape.conditions) ||
        !isEveryApp(shape) ||
        hasOthers(shape, ['userRiskLevels'])),
  },
  {
    path: ['grantControls', 'builtInControls'],
    message: 'approved and protected apps exist on iOS and Android only',
    broken: ({ controls, all, conditions }) => {
      const included = words(object(conditions['platforms'])['includePlatforms']);
      const other = included.includes('macos') || included.includes('linux');
      const apps = controls.filter((control) => appControls.includes(control)).length;
      return other && apps > 0 && (all || apps === controls.length);
    },
  },
  {
    path: ['conditions', 'applications', 'includeUserActions'],
    message:
      'registering a device allows only mfa or a strength, and neither client apps nor a device filter',
    broken: (shape) => {
      const actions = words(shape.applications['includeUserActions']);
      const others = shape.controls.some((control) => control !== 'mfa');
      const devices = 'devices' in shape.conditions || 'deviceStates' in shape.conditions;
      const clients = words(shape.conditions['clientAppTypes']).some((type) => type !== 'all');
      return actions.includes('urn:user:registerdevice') && (others || devices || clients);
    },
  },
  {
    path: ['sessionControls', 'signInFrequency', 'authenticationType'],
    message: 'a frequency in hours or days is for primaryAndSecondaryAuthentication',
    broken: ({ frequency }) =>
      frequency['isEnabled'] === true &&
      !isWord(frequency['frequencyInterval'], 'everyTime') &&
      isWord(frequency['authenticationType'], 'secondaryAuthentication'),
  },
  {
    path: ['sessionControls', 'signInFrequency', 'frequencyInterval'],
    message: 'everyTime on a user risk needs passwordChange or riskRemediation',
    broken: ({ frequency, conditions, controls }) =>
      frequency['isEnabled'] === true &&
      isWord(frequency['frequencyInterval'], 'everyTime') &&
      'userRiskLevels' in conditions &&
      !controls.includes('passwordchange') &&
      !controls.includes('riskremediation'),
  },
  {
    path: ['sessionControls', 'continuousAccessEvaluation', 'mode'],
    message: 'disabled needs all applications and no condition',
    broken: (shape) =>
      isWord(object(shape.session['continuousAccessEvaluation'])['mode'], 'disabled') &&
      (!isEveryApp(shape) || hasOthers(shape, [])),
  },
];

/** The combinations in a normalised policy that Graph would refuse. */
export function brokenCombinations(
  policy: JsonObject,
): readonly { readonly path: readonly string[]; readonly message: string }[] {
  const shape = shapeOf(policy);
  return rules.filter((rule) => rule.broken(shape));
}
