import * as z from 'zod';
import { domain, guid } from './shapes.ts';

export const settings = z.strictObject({
  organisation: z.strictObject({
    displayName: z.string().min(1).max(120).describe('Shown to guests on every page.'),
    tenantId: guid.describe('The tid of every token.'),
    accentColour: z
      .string()
      .regex(/^#[0-9a-fA-F]{6}$/)
      .default('#2f5d8a')
      .describe('Colour of buttons and the mark, #rrggbb.'),
  }),
  riskDetection: z
    .enum(['off', 'on'])
    .default('off')
    .describe(
      'While off, an enabled policy with a risk condition is refused: the fact would never be known.',
    ),
  proofUp: z
    .enum(['firstFactor', 'accessPass'])
    .default('firstFactor')
    .describe('After a reset: enrol again with the first factor, or only with an access pass.'),
  accessTokenSeconds: z.int().min(60).max(3600).default(3600),
  codeSeconds: z.int().min(10).max(60).default(60),
  federatedSessionHours: z
    .int()
    .min(1)
    .max(168)
    .default(24)
    .describe('A session or authorization ends this long after the last home authentication.'),
  signInLogDays: z
    .int()
    .min(1)
    .max(400)
    .default(30)
    .describe('Sign-ins leave the log after so many days; acts of administrators stay.'),
  passcode: z
    .strictObject({
      enabled: z
        .boolean()
        .default(false)
        .describe('Guests without an identity provider prove their mailbox by a mailed code.'),
      lifeMinutes: z.int().min(1).max(30).default(10).describe('How long a code is good.'),
      mailsPerDay: z
        .int()
        .min(20)
        .max(1_000_000)
        .default(2_000)
        .describe('Half of them for browsers that their guest has used before.'),
      wrongCodesPerDay: z
        .int()
        .min(20)
        .max(1_000_000)
        .default(1_000)
        .describe(
          'Of all guests together: then no code goes to an unknown browser until midnight UTC.',
        ),
      releasedDomains: z
        .array(domain)
        .max(500)
        .default([])
        .describe('Domains of partners that are gone whose people may come in by a code now.'),
      answerMilliseconds: z
        .int()
        .min(0)
        .max(5_000)
        .default(1_500)
        .describe('A request for a code is answered this long after it came, whoever asks.'),
    })
    .prefault({})
    .describe('The mailed passcode. Off: whose address belongs to no partner cannot come in.'),
  appGroups: z
    .record(z.string(), z.array(guid))
    .default({})
    .describe('Which of your apps a group word of policies means, "Office365" for one.'),
});

export type Settings = z.infer<typeof settings>;
