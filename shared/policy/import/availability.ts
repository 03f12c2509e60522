import { isEnabled } from './enabled.ts';
import { error, type ImportIssue, type ItemReport } from './report.ts';

/**
 * What the engine can decide but nobody tells it yet. An enabled policy that asks for risk would apply
 * to everybody, and is refused until somebody computes it.
 */
export function unavailableConditions({ item, fields }: ItemReport): readonly ImportIssue[] {
  const risk = fields.find((field) =>
    /\/conditions\/(signInRiskLevels|userRiskLevels|insiderRiskLevels)(\/|$)/i.test(field.pointer),
  );
  return risk && isEnabled(item)
    ? [
        error(
          risk.pointer,
          'an enabled policy cannot ask for risk while riskDetection in settings.json is off; make it report-only',
        ),
      ]
    : [];
}
