import Module from 'node:module';

export type Binding = { type: string; direction: 'in' | 'out'; [key: string]: unknown };
export type Registration = {
  name: string;
  bindings: Record<string, Binding>;
  callback: (...args: unknown[]) => unknown;
};
export type InvocationModel = {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>;
  invokeFunction(
    context: unknown,
    inputs: unknown[],
    callback: Registration['callback'],
  ): Promise<unknown>;
  getResponse(context: unknown, result: unknown): Promise<{ returnValue?: unknown }>;
};
type ProgrammingModel = { getInvocationModel(core: unknown): InvocationModel };

type State = {
  model: ProgrammingModel | undefined;
  collecting: Map<string, Registration> | undefined;
  /** What each module registered when it was loaded: a process loads a module once. */
  registeredBy: Map<string, readonly Registration[]>;
  turn: Promise<unknown>;
};

// The library keeps its first host for the life of the process, so a second copy of this module
// (a test runner makes one per test file) must find the first one's state.
const stateKey = Symbol.for('vestibule.dev.functions-core');
const shared = globalThis as { [stateKey]?: State };

class Disposable {
  readonly dispose: () => unknown;
  constructor(dispose: () => unknown) {
    this.dispose = dispose;
  }
}

const functionsCore = {
  version: '0.0.0',
  // the library only asks whether it is recent enough
  hostVersion: '4.1000.0',
  registerFunction(
    metadata: { name: string; bindings: Record<string, Binding> },
    callback: Registration['callback'],
  ) {
    const collecting = state().collecting;
    if (!collecting) {
      throw new Error(`function ${metadata.name} was registered after its app had been loaded`);
    }
    if (collecting.has(metadata.name)) {
      throw new Error(`two functions are named ${metadata.name}`);
    }
    collecting.set(metadata.name, { ...metadata, callback });
    return new Disposable(() => collecting.delete(metadata.name));
  },
  registerHook(name: string): never {
    throw new Error(`the local host runs no hooks (${name})`);
  },
  setProgrammingModel(model: ProgrammingModel) {
    state().model = model;
  },
  getProgrammingModel: () => state().model,
  log: (level: string, _category: string, message: string) => console.log(`[${level}] ${message}`),
  Disposable,
};

function state(): State {
  const known = shared[stateKey];
  if (known) return known;
  const made: State = {
    model: undefined,
    collecting: undefined,
    registeredBy: new Map(),
    turn: Promise.resolve(),
  };
  shared[stateKey] = made;
  supply();
  return made;
}

/** `@azure/functions` asks for its host by a lazy `require` at its first `app.*` call. */
function supply(): void {
  const prototype = Module.prototype as unknown as {
    require: (this: unknown, id: string) => unknown;
  };
  const original = prototype.require;
  prototype.require = function requireOrCore(id) {
    return id === '@azure/functions-core' ? functionsCore : original.call(this, id);
  };
}

/**
 * Runs `load` and returns what it registered. With a `key` a later call answers the same without
 * loading, since a module registers its functions only when it is first imported.
 */
export async function collectRegistrations(
  load: () => Promise<unknown>,
  key?: string,
): Promise<readonly Registration[]> {
  const turn = state().turn.then(async () => {
    const known = key === undefined ? undefined : state().registeredBy.get(key);
    if (known) return known;
    const collecting = new Map<string, Registration>();
    state().collecting = collecting;
    try {
      await load();
    } finally {
      state().collecting = undefined;
    }
    const registered = [...collecting.values()];
    if (key !== undefined) state().registeredBy.set(key, registered);
    return registered;
  });
  state().turn = turn.catch(() => undefined);
  return turn;
}

export function invocationModel(core: unknown): InvocationModel {
  const { model } = state();
  if (!model) throw new Error('no programming model: @azure/functions was loaded before the host');
  return model.getInvocationModel(core);
}
