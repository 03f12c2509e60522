// The workspace once more, now with its rule: the second half of a circle (see monitoring.bicep).
param workspaceName string
param location string
param tags object
param logDays int
param ruleId string

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: logDays
    features: {
      disableLocalAuth: true
      enableLogAccessUsingOnlyResourcePermissions: true
    }
    defaultDataCollectionRuleResourceId: ruleId
  }
}

output isInForce bool = !empty(workspace.id)
