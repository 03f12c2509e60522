import { invocationModel, type Registration } from './functions-core.ts';

export type HostLog = (line: string) => void;

/** The request as the host hands it to a worker that asks for nullable maps and raw bytes. */
export type RpcRequest = {
  url: string;
  method: string;
  nullableHeaders: Record<string, { value: string }>;
  nullableQuery: Record<string, { value: string }>;
  nullableParams: Record<string, { value: string }>;
  body: { bytes: Uint8Array } | undefined;
};

export type RpcCookie = {
  name: string;
  value: string;
  domain?: { value: string };
  path?: { value: string };
  expires?: { value: { seconds: number } };
  secure?: { value: boolean };
  httpOnly?: { value: boolean };
  sameSite?: 'none' | 'lax' | 'strict' | 'explicitNone';
  maxAge?: { value: number };
};

export type RpcResponse = {
  statusCode: string;
  headers: Record<string, string>;
  body: { bytes?: Uint8Array } | null | undefined;
  cookies: readonly RpcCookie[];
};

/** `undefined`: the function returned nothing. Throws what the function throws. */
export async function invokeHttp(
  registration: Registration,
  http: RpcRequest,
  log: HostLog,
): Promise<RpcResponse | undefined> {
  const returned = await invoke(registration, 'httpTrigger', { http }, log);
  return (returned as { http?: RpcResponse } | null | undefined)?.http;
}

export async function invokeTimer(
  registration: Registration,
  schedule: { lastRun: Date; nextRun: Date | null },
  log: HostLog,
): Promise<void> {
  const timer = {
    IsPastDue: false,
    Schedule: { AdjustForDST: true },
    ScheduleStatus: {
      Last: schedule.lastRun.toISOString(),
      LastUpdated: schedule.lastRun.toISOString(),
      Next: (schedule.nextRun ?? schedule.lastRun).toISOString(),
    },
  };
  await invoke(registration, 'timerTrigger', { json: JSON.stringify(timer) }, log);
}

async function invoke(
  registration: Registration,
  triggerType: string,
  data: unknown,
  log: HostLog,
) {
  const { name, bindings, callback } = registration;
  const trigger = Object.entries(bindings).find(([, binding]) => binding.type === triggerType);
  const invocation = invocationModel({
    invocationId: crypto.randomUUID(),
    metadata: { name, bindings },
    request: { inputData: [{ name: trigger?.[0], data }], triggerMetadata: {} },
    state: undefined,
    log: (level: string, _category: string, message: string) => log(`[${level}] ${message}`),
  });
  const { context, inputs } = await invocation.getArguments();
  const result = await invocation.invokeFunction(context, inputs, callback);
  return (await invocation.getResponse(context, result)).returnValue;
}
