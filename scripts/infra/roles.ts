/** Built-in roles that the app's identity has: each on resources of one type, and no other. */
export const roles: readonly { readonly id: string; readonly name: string; readonly at: string }[] =
  [
    {
      id: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
      name: 'Storage Blob Data Owner',
      at: 'Microsoft.Storage/storageAccounts',
    },
    {
      id: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3',
      name: 'Storage Table Data Contributor',
      at: 'Microsoft.Storage/storageAccounts',
    },
    {
      id: '12338af0-0e69-4776-bea7-57ae8d297424',
      name: 'Key Vault Crypto User',
      at: 'Microsoft.KeyVault/vaults/keys',
    },
    {
      id: '3913510d-42f4-4e42-8a64-420c390055eb',
      name: 'Monitoring Metrics Publisher',
      at: 'Microsoft.Insights/components',
    },
    {
      id: '09976791-48a7-449e-bb21-39d1a415f350',
      name: 'Communication and Email Service Owner',
      at: 'Microsoft.Communication/communicationServices',
    },
  ];
