/** One thing that is wrong with an input, and where (RFC 6901). */
export interface InputIssue {
  readonly pointer: string;
  readonly message: string;
}

/** Thrown by `compile` only: the input is no policy collection. */
export class PolicyInputError extends Error {
  override readonly name = 'PolicyInputError';
  readonly issues: readonly InputIssue[];

  constructor(issues: readonly InputIssue[]) {
    super(issues.map((i) => `${i.pointer === '' ? '/' : i.pointer}: ${i.message}`).join('; '));
    this.issues = issues;
  }
}
