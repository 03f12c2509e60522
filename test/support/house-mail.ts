import type { Mail, MailMessage, MailResult } from '../../shared/ports.ts';

/**
 * The mail port, answering what a test scripts. The real adapter against the service's stand-in is
 * what `test/unit/adapters` and the suites over HTTP are about; here the question is what the flows
 * make of an answer.
 */
export type ScriptedMail = Mail & {
  /** What was handed over, taken or not. */
  readonly asked: { readonly message: MailMessage; readonly operation: string }[];
  /** What reached a mailbox: one mail an operation. */
  readonly delivered: MailMessage[];
  /** Answers of the next requests, in order; then everything is accepted. */
  readonly answers: (MailResult | 'acceptedAnswerLost')[];
};

export function scriptedMail(): ScriptedMail {
  const asked: ScriptedMail['asked'] = [];
  const delivered: MailMessage[] = [];
  const answers: ScriptedMail['answers'] = [];
  const taken = new Set<string>();
  return {
    sender: 'sign-in@fabrikam.example',
    asked,
    delivered,
    answers,
    async send(message, operation) {
      asked.push({ message, operation });
      const answer = answers.shift() ?? { kind: 'accepted' };
      const isTaken = answer === 'acceptedAnswerLost' || answer.kind === 'accepted';
      if (isTaken && !taken.has(operation)) delivered.push(message);
      if (isTaken) taken.add(operation);
      return answer === 'acceptedAnswerLost' ? { kind: 'unavailable', why: 'reset' } : answer;
    },
  };
}
