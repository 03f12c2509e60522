/** Graph: `conditionalAccessDevicePlatform`. */
export type DevicePlatform = 'android' | 'iOS' | 'windows' | 'windowsPhone' | 'macOS' | 'linux';

const hints: Readonly<Record<string, DevicePlatform>> = {
  android: 'android',
  ios: 'iOS',
  windows: 'windows',
  macos: 'macOS',
  linux: 'linux',
};

/** Android says Linux and Windows Phone says Android: the order matters. */
const agents: readonly (readonly [RegExp, DevicePlatform])[] = [
  [/Windows Phone/, 'windowsPhone'],
  [/Android/, 'android'],
  [/iPhone|iPad|iPod/, 'iOS'],
  [/Windows NT/, 'windows'],
  [/Macintosh|Mac OS X/, 'macOS'],
  [/Linux|X11/, 'linux'],
];

/**
 * What the browser says of itself: anybody can say anything, so this feeds the platform condition
 * alone. A hint and an agent that contradict each other, or an agent that names none, is unknown.
 */
export function devicePlatform(
  userAgent: string | undefined,
  platformHint: string | undefined,
): DevicePlatform | undefined {
  const hinted = hintOf(platformHint);
  const agent = agentOf(userAgent);
  if (platformHint !== undefined && hinted === undefined) return undefined;
  if (hinted !== undefined && agent !== undefined && hinted !== agent) return undefined;
  return hinted ?? agent;
}

/** @see https://wicg.github.io/ua-client-hints/#sec-ch-ua-platform */
const hintOf = (header: string | undefined): DevicePlatform | undefined =>
  hints[(header ?? '').trim().replaceAll('"', '').replaceAll(' ', '').toLowerCase()];

function agentOf(userAgent: string | undefined): DevicePlatform | undefined {
  if (userAgent === undefined || userAgent.length > 4096) return undefined;
  return agents.find(([form]) => form.test(userAgent))?.[1];
}
