/** What stands in front of the app and says which address a request comes from; `id`: a GUID, lower case. */
export type ClientAddressSource =
  | { readonly kind: 'direct' }
  | { readonly kind: 'frontDoor'; readonly id: string };

type HeaderOf = (name: string) => string | undefined;

export type ClientAddress = {
  /** False: the request went round what stands in front. */
  readonly isOurWay: (header: HeaderOf) => boolean;
  /** In its one spelling. Undefined where none is established: then nothing may be decided. */
  readonly of: (header: HeaderOf) => string | undefined;
};
