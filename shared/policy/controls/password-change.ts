import { type ControlDefinition, impossible } from './control.ts';

/** No guest can do this here. @see Graph: conditionalAccessGrantControl passwordChange */
export const passwordChange: ControlDefinition = {
  kind: 'builtIn',
  control: impossible('passwordChange', true, 50135, 'only the home organisation can do this'),
};
