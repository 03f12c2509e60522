export type { ReasonCode } from './codes.ts';
export { compile } from './compile.ts';
export type { AnalysisReason } from './conditions/condition.ts';
export type { ConditionName } from './conditions/registry.ts';
export type { StepAction } from './controls/control.ts';
export { type CountryNeed, countryNeed } from './country-need.ts';
export { type DecideOptions, decide } from './decide.ts';
export type {
  ConditionTrace,
  ControlTrace,
  DecidedPolicy,
  Decision,
  DecisionReason,
  NextStep,
  PolicyResult,
} from './decision.ts';
export type { AgeLimit } from './frequency.ts';
export { unavailableConditions } from './import/availability.ts';
export { isEnabled } from './import/enabled.ts';
export type { KnownGuest } from './import/guests-reached.ts';
export { parseNamedLocations } from './import/parse-named-locations.ts';
export { type ImportContext, parsePolicies } from './import/parse-policies.ts';
export {
  type ExportKind,
  readExport,
  readLocations,
  readPolicies,
} from './import/read-policies.ts';
export type { FieldReport, ImportIssue, ItemReport, ParseReport } from './import/report.ts';
export { reportTogether } from './import/report-together.ts';
export type { PolicyState } from './policy.ts';
export { type InputIssue, PolicyInputError } from './policy-input-error.ts';
export type { PolicySet, PolicySetInput } from './policy-set.ts';
export type { SessionControls, SignInFrequency } from './session/session-control.ts';
export type {
  DeviceFacts,
  FactName,
  SignInFacts,
  SignInTarget,
  UsedMethod,
} from './sign-in-facts.ts';
export type { Ternary } from './ternary.ts';
export { type WhatIfAnalysisResult, type WhatIfAnswer, whatIf } from './what-if.ts';
export type { WhatIfRequest } from './what-if-request.ts';
