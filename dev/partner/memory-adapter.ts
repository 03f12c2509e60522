import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';

type Kept = { payload: AdapterPayload; expiresAtMs: number };

/** What one provider knows, apart from every other's: oidc-provider's own quick-start store is not. */
export function createMemoryAdapter(): AdapterFactory {
  const kept = new Map<string, Kept>();

  return (model): Adapter => {
    const keyOf = (id: string) => `${model} ${id}`;

    function find(key: string): AdapterPayload | undefined {
      const found = kept.get(key);
      if (found && found.expiresAtMs > Date.now()) return found.payload;
      kept.delete(key);
      return undefined;
    }

    function findBy(property: 'uid' | 'userCode', value: string): AdapterPayload | undefined {
      for (const [key, { payload }] of kept) {
        if (key.startsWith(keyOf('')) && payload[property] === value) return find(key);
      }
      return undefined;
    }

    return {
      async upsert(id, payload, expiresInSeconds) {
        const expiresAtMs = expiresInSeconds ? Date.now() + expiresInSeconds * 1000 : Infinity;
        kept.set(keyOf(id), { payload, expiresAtMs });
      },
      find: async (id) => find(keyOf(id)),
      findByUid: async (uid) => findBy('uid', uid),
      findByUserCode: async (userCode) => findBy('userCode', userCode),
      async consume(id) {
        const payload = find(keyOf(id));
        if (payload) payload.consumed = Math.floor(Date.now() / 1000);
      },
      async destroy(id) {
        kept.delete(keyOf(id));
      },
      // each model is asked on its own: a running interaction names its grant too, and must go on
      async revokeByGrantId(grantId) {
        for (const [key, { payload }] of kept)
          if (key.startsWith(keyOf('')) && payload.grantId === grantId) kept.delete(key);
      },
    };
  };
}
