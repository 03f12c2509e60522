import type { HomeIdp } from '../../../shared/ports.ts';

/**
 * Stands in for the partner at the port: no requests, no signature. What a partner and the way to
 * it cost is not the gateway's. The callback's `code` is the subject.
 */
export const homeStandIn: HomeIdp = {
  async authorizationUrl(partner, { state, nonce, redirectUri }) {
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: partner.clientId,
      redirect_uri: redirectUri,
      state,
      nonce,
    });
    return `${partner.issuer}/authorize?${query.toString()}`;
  },
  async redeem(partner, { parameters }, now) {
    return {
      kind: 'identity',
      identity: {
        issuer: partner.issuer,
        subject: parameters.get('code') ?? '',
        issuedAt: now,
        authTime: now,
        amr: ['pwd'],
        tokenHash: 'bm8gdG9rZW4gd2FzIHNlZW4gaW4gdGhpcyBiZW5jaG1hcms',
      },
    };
  },
  async verifyAccessToken() {
    return undefined;
  },
};
