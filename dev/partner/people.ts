/** Someone with an account at Contoso. */
export type Person = {
  /** Says nothing about the mail address: it never changes and is never shown. */
  readonly subject: string;
  readonly mail: string;
  readonly name: string;
  readonly password: string;
  /** Can approve a second factor at home when the relying party asks for one. */
  readonly approves: boolean;
};

export const contosoPeople: readonly Person[] = [
  {
    subject: '6f0c2b9e-51d7-4c1e-9a55-0d3a7be4c801',
    mail: 'ann@contoso.example',
    name: 'Ann Abel',
    password: 'ann-at-contoso',
    approves: true,
  },
  {
    subject: 'd27a41c3-8e0b-4f6b-b1c9-5f9d0e6a7302',
    mail: 'ben@contoso.example',
    name: 'Ben Brandt',
    password: 'ben-at-contoso',
    approves: false,
  },
  {
    // Fabrikam blocks this guest
    subject: '0b84e6f1-3c5d-49a2-8f7e-e1d2c3b4a503',
    mail: 'cho@contoso.example',
    name: 'Cho Chen',
    password: 'cho-at-contoso',
    approves: false,
  },
  {
    // known at Contoso only: Fabrikam invited nobody of this name
    subject: '93d5f7a8-6b21-4e0c-a4d3-c8b7a6f5e404',
    mail: 'dora@contoso.example',
    name: 'Dora Dahl',
    password: 'dora-at-contoso',
    approves: false,
  },
];
