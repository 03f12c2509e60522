import type { PageAnswer } from '../../flows/answers.ts';
import { blockedPage } from './blocked.ts';
import { challengePage } from './challenge.ts';
import { enrolPage } from './enrol.ts';
import type { Page, PageContext } from './layout.ts';
import { messagePage } from './message.ts';
import { passcodePage } from './passcode.ts';
import { signInPage } from './sign-in.ts';
import { signOutPage } from './sign-out.ts';

export function pageOf(answer: PageAnswer, context: PageContext): Page {
  switch (answer.page) {
    case 'signIn':
      return signInPage(answer, context);
    case 'enrol':
      return enrolPage(answer, context);
    case 'challenge':
      return challengePage(answer, context);
    case 'passcode':
      return passcodePage(answer, context);
    case 'signOut':
      return signOutPage(answer, context);
    case 'blocked':
      return blockedPage(answer, context);
    case 'message':
      return messagePage(answer, context);
  }
}
