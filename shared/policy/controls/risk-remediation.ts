import { type ControlDefinition, impossible } from './control.ts';

/** No guest can do this here. @see Graph: conditionalAccessGrantControl riskRemediation */
export const riskRemediation: ControlDefinition = {
  kind: 'builtIn',
  control: impossible('riskRemediation', true, 50135, 'only the home organisation can do this'),
};
