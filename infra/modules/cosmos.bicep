// Cosmos DB's Table API in the place of table storage: for several regions, or more than 20,000
// operations a second. The app speaks to both by the same client.
param name string
param location string
param tags object
param isPrivate bool
param isZoneRedundant bool
param principalId string
param workspaceId string

var tableNames = ['expiring', 'guests', 'directory', 'config', 'log']

resource account 'Microsoft.DocumentDB/databaseAccounts@2025-04-15' = {
  name: name
  location: location
  tags: tags
  kind: 'GlobalDocumentDB'
  properties: {
    databaseAccountOfferType: 'Standard'
    capabilities: [{ name: 'EnableTable' }]
    // A commit that was answered must be seen by the next request, whichever instance has it.
    consistencyPolicy: { defaultConsistencyLevel: 'Strong' }
    locations: [
      {
        locationName: location
        failoverPriority: 0
        isZoneRedundant: isZoneRedundant
      }
    ]
    disableLocalAuth: true
    disableKeyBasedMetadataWriteAccess: true
    minimalTlsVersion: 'Tls12'
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAclBypass: 'None'
    backupPolicy: {
      type: 'Continuous'
      continuousModeProperties: { tier: 'Continuous7Days' }
    }
  }
}

resource tables 'Microsoft.DocumentDB/databaseAccounts/tables@2025-04-15' = [for table in tableNames: {
  parent: account
  name: table
  properties: {
    resource: { id: table }
    options: {
      autoscaleSettings: { maxThroughput: 1000 }
    }
  }
}]

// A data role of Cosmos DB's own, not of Azure: "Built-in Data Contributor".
resource writesTables 'Microsoft.DocumentDB/databaseAccounts/tableRoleAssignments@2025-05-01-preview' = {
  parent: account
  name: guid(account.id, principalId, 'data-contributor')
  properties: {
    principalId: principalId
    roleDefinitionId: '${account.id}/tableRoleDefinitions/00000000-0000-0000-0000-000000000002'
    scope: account.id
  }
}

resource controlLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: account
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'ControlPlaneRequests'
        enabled: true
      }
    ]
  }
}

output id string = account.id
output endpoint string = 'https://${account.name}.table.cosmos.azure.com'
