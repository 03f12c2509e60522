import * as z from 'zod';
import type { Partition } from '../ports.ts';
import { expiring } from './expiring.ts';
import type { RowKind } from './row.ts';

/**
 * What was mailed to one mailbox on one UTC day: from browsers that its guest has used before, and
 * from others. Replaced with its ETag in the commit that sends. An address that nobody has is counted
 * alike.
 *
 *   insert (first code of the day) ──▶ replaced at each code ──▶ cleaned up with its day
 */
const mailbox = z.object({
  known: z.array(z.iso.datetime()).max(20),
  others: z.array(z.iso.datetime()).max(20),
});

export type Mailbox = z.infer<typeof mailbox>;
export const mailboxRow: RowKind<Mailbox> = { name: 'mailbox', schema: mailbox };
export const mailboxKey = (name: string): string => `mailbox.${name}`;

/** Few enough for the outbox to be read from one after the other, enough for every guest to write. */
const shards = 16;

/**
 * Day and shard of a name (the MAC of a mailbox or a source). A passcode sign-in lies where its mailbox
 * is counted, so that both are one commit.
 */
export const countPartition = (day: string, name: string): Partition =>
  expiring(`${day}.${shardText(Buffer.from(name, 'base64url').readUInt8(0) % shards)}`);

/** Every partition of a day that may hold outbox rows. */
export const countPartitions = (day: string): readonly Partition[] =>
  Array.from({ length: shards }, (_, shard) => expiring(`${day}.${shardText(shard)}`));

const shardText = (shard: number): string => shard.toString(16).padStart(2, '0');
