import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { localPorts, startWorld } from './world.ts';

/** `npm start`: the local world with its banner, until Ctrl-C; `--app dist/main.cjs` for the built app. */
const options = {
  keep: { type: 'boolean', default: false },
  app: { type: 'string' },
  'gateway-port': { type: 'string', default: String(localPorts.gateway) },
  'partner-port': { type: 'string', default: String(localPorts.partner) },
  'app-port': { type: 'string', default: String(localPorts.app) },
  'mail-port': { type: 'string', default: String(localPorts.mail) },
} as const;
const values = flags();

const world = await startWorld({
  ports: {
    gateway: port('gateway-port'),
    partner: port('partner-port'),
    app: port('app-port'),
    mail: port('mail-port'),
  },
  log: (line) => console.log(line),
  ...(values.keep ? { keep: '.local' } : {}),
  ...(values.app === undefined ? {} : { app: resolve(values.app) }),
}).catch((thrown: unknown) => {
  console.error(thrown instanceof Error ? thrown.message : thrown);
  process.exit(1);
});

const people = world.people.map(
  ({ name, mail, password }) => `  ${name.padEnd(11)} ${mail.padEnd(22)} ${password}`,
);
console.log(`
Vestibule is open: Fabrikam's sign-in gateway for guests.

  Open        ${world.app}   the demo app Woodgrove: choose "Sign in"
  Gateway     ${world.issuer}
  Partner     ${world.partner.issuer}   Contoso's identity provider
  Mailbox     ${world.mailbox.url}   every mail that the gateway sends

Sign in with one of Contoso's people:
${people.join('\n')}
or with a mailed code, which lies in the mailbox:
  Gus Greve   gus@smallshop.example
  Ann, Ben and Gus must set up an authenticator app; Cho is suspended and refused; Dora is no guest here.

As an administrator, in another terminal:
  export VESTIBULE_ISSUER=${world.issuer} VESTIBULE_CLIENT_ID=${world.admin.clientId} VESTIBULE_CLIENT_SECRET=${world.admin.clientSecret}
  npm run vestibule -- mfa list
  npm run vestibule -- log list
  npm run vestibule -- mfa reset "ann_contoso.example#EXT#@fabrikam.onmicrosoft.example" --reason "new phone"

${values.keep ? 'State is kept in .local/.' : 'State is in memory and ends with this process; --keep keeps it in .local/.'} Ctrl-C stops everything.
`);

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    void world.close().then(() => process.exit(0));
  });

function flags() {
  try {
    return parseArgs({ options }).values;
  } catch (thrown) {
    console.error(thrown instanceof Error ? thrown.message : thrown);
    return process.exit(2);
  }
}

function port(name: `${keyof typeof localPorts}-port`): number {
  const number = Number(values[name]);
  if (Number.isInteger(number) && number >= 0 && number < 65_536) return number;
  console.error(`--${name} must be a port number, not ${values[name]}`);
  return process.exit(2);
}
