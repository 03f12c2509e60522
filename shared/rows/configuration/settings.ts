import { z } from 'zod';
import { guid } from './shapes.ts';

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
  appGroups: z
    .record(z.string(), z.array(guid))
    .default({})
    .describe('Which of your apps a group word of policies means, "Office365" for one.'),
});

export type Settings = z.infer<typeof settings>;
