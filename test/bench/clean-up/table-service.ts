import { startAzurite } from '../../../dev/azurite.ts';
import { serveBench } from '../sign-in/protocol.ts';

/** A table service in a process of its own, so that its work is not taken for the gateway's. */
const { connectionString } = await startAzurite();
serveBench(connectionString);
