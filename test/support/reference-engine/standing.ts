// §5: how one control stands in this sign-in.

export type Action =
  | 'challenge'
  | 'register'
  | 'stepUpAtHome'
  | 'reauthenticate'
  | 'acceptTerms'
  | 'registerDevice';

export type Standing =
  | { readonly kind: 'satisfied' }
  | {
      readonly kind: 'open';
      readonly action: Action;
      readonly methods: readonly string[] | undefined;
    }
  | { readonly kind: 'unsatisfiable'; readonly code: number };

export const satisfied: Standing = { kind: 'satisfied' };

export function open(action: Action, methods?: readonly string[]): Standing {
  return { kind: 'open', action, methods };
}

export function unsatisfiable(code: number): Standing {
  return { kind: 'unsatisfiable', code };
}
