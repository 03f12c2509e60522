import { type ControlDefinition, impossible } from './control.ts';

/** Ends the sign-in whatever stands beside it. @see Graph: conditionalAccessGrantControl block */
export const block: ControlDefinition = {
  kind: 'builtIn',
  control: impossible('block', false, 53003, 'the policy blocks'),
};
