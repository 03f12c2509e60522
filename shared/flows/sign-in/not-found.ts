import type { Answer } from '../answers.ts';
import { configurationIfAny, type House } from '../house.ts';
import { frameOf } from './frame.ts';
import { message } from './messages.ts';

/** The organisation's page even here, where a configuration says whose it is. */
export async function notFound(house: House): Promise<Answer> {
  const configuration = await configurationIfAny(house);
  return message('notFound', configuration ? { frame: frameOf(configuration) } : {});
}
