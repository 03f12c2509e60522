// Logs: a workspace, Application Insights on it, and the rule that takes query strings out of both.
param suffix string
param location string
param tags object
param logDays int
param isRuleInForce bool
param principalId string

var workspaceName = 'log-vestibule-${suffix}'
var ruleName = 'dcr-vestibule-${suffix}'

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
    // The rule needs the workspace and the workspace the rule. A later deployment names it here at
    // once, so that it is never out of force; the first one in the module below.
    defaultDataCollectionRuleResourceId: isRuleInForce
      ? resourceId('Microsoft.Insights/dataCollectionRules', ruleName)
      : null
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-vestibule-${suffix}'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    IngestionMode: 'LogAnalytics'
    DisableLocalAuth: true
    DisableIpMasking: false
  }
}

// Query strings hold redeem handles, codes, states and login hints. What the app writes itself, JSON
// that begins with its time, holds none and is left as it is, so that alerts can read it; whatever the
// host has put before it goes, unless that may be an address.
resource rule 'Microsoft.Insights/dataCollectionRules@2023-03-11' = {
  name: ruleName
  location: location
  tags: tags
  kind: 'WorkspaceTransforms'
  properties: {
    dataSources: {}
    destinations: {
      logAnalytics: [
        {
          name: 'workspace'
          workspaceResourceId: workspace.id
        }
      ]
    }
    dataFlows: [
      {
        streams: ['Microsoft-Table-AppRequests']
        destinations: ['workspace']
        transformKql: 'source | extend Url = tostring(split(Url, "?")[0]), Name = tostring(split(Name, "?")[0]), OperationName = tostring(split(OperationName, "?")[0]), Properties = parse_json("{}")'
      }
      {
        streams: ['Microsoft-Table-AppDependencies']
        destinations: ['workspace']
        transformKql: 'source | extend Data = tostring(split(Data, "?")[0]), Name = tostring(split(Name, "?")[0]), OperationName = tostring(split(OperationName, "?")[0]), Properties = parse_json("{}")'
      }
      {
        streams: ['Microsoft-Table-AppTraces']
        destinations: ['workspace']
        transformKql: 'source | extend Message = iif(Message matches regex @"^[^?/]*\\{""at"":", substring(Message, indexof(Message, "{\\"at\\":")), tostring(split(Message, "?")[0])), OperationName = tostring(split(OperationName, "?")[0]), Properties = parse_json("{}")'
      }
      {
        streams: ['Microsoft-Table-AppExceptions']
        destinations: ['workspace']
        transformKql: 'source | extend OuterMessage = tostring(split(OuterMessage, "?")[0]), InnermostMessage = tostring(split(InnermostMessage, "?")[0]), Details = parse_json("[]"), OperationName = tostring(split(OperationName, "?")[0]), Properties = parse_json("{}")'
      }
    ]
  }
}

module inForce 'ingestion-rule.bicep' = {
  name: 'ingestion-rule'
  params: {
    workspaceName: workspace.name
    location: location
    tags: tags
    logDays: logDays
    ruleId: rule.id
  }
}

var metricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

resource publishes 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, principalId, metricsPublisher)
  scope: insights
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', metricsPublisher)
  }
}

output workspaceId string = workspace.id
output workspaceCustomerId string = workspace.properties.customerId
// from the module, so that whoever sends logs waits for the rule
output insightsName string = inForce.outputs.isInForce ? insights.name : ''
