// Who is told of what. Names of events are those of the app's own JSON lines (docs/operations.md).
param suffix string
param location string
param tags object
param workspaceId string
param vaultId string
param tablesId string
param isCosmos bool
param addresses array

// The Functions host may put something before a line, so it is cut out.
var lines = 'AppTraces | where Message contains "{\\"at\\":" | extend line = parse_json(substring(Message, indexof(Message, "{\\"at\\":"))) | extend event = tostring(line.event)'

var logAlerts = [
  {
    name: 'server-errors'
    description: 'More than 5 answers with a status of 500 or above in 5 minutes.'
    // a row stands for several where telemetry is sampled
    query: 'AppRequests | where toint(ResultCode) >= 500 | summarize Found = sum(ItemCount)'
    operator: 'GreaterThan'
    threshold: 5
    severity: 1
    window: 'PT5M'
  }
  {
    name: 'alarms'
    description: 'The app wrote a line of level alarm. Docs: operations, when something breaks.'
    query: '${lines} | where tostring(line.level) == "alarm" | summarize Found = count()'
    operator: 'GreaterThan'
    threshold: 0
    severity: 2
    window: 'PT5M'
  }
  {
    name: 'lock-outs'
    description: 'More than 10 guests locked out of their second factor within an hour.'
    query: '${lines} | where event == "secondFactorLocked" | summarize Found = dcount(tostring(line.guest))'
    operator: 'GreaterThan'
    threshold: 10
    severity: 2
    window: 'PT1H'
  }
  {
    name: 'passcode-spike'
    description: 'More than 500 mailed passcodes or refused requests for one within 15 minutes.'
    query: '${lines} | where event in ("passcodeSent", "passcodeSendRefused") | summarize Found = count()'
    operator: 'GreaterThan'
    threshold: 500
    severity: 2
    window: 'PT15M'
  }
  {
    name: 'passcode-guessing'
    description: 'More than 100 wrong passcodes within 15 minutes, or the day\'s limit of the deployment.'
    query: '${lines} | where event in ("passcodeRefused", "passcodeGuessing") | summarize Found = countif(event == "passcodeRefused") + 101 * countif(event == "passcodeGuessing")'
    operator: 'GreaterThan'
    threshold: 100
    severity: 1
    window: 'PT15M'
  }
  {
    name: 'mail-throttled'
    description: 'The mail service answered 429, or the day\'s mails are spent.'
    query: '${lines} | where event in ("mailThrottled", "mailAllowanceSpent") | summarize Found = count()'
    operator: 'GreaterThan'
    threshold: 0
    severity: 2
    window: 'PT15M'
  }
  {
    name: 'clean-up-late'
    description: 'Clean-up runs every 5 minutes, and for half an hour no run has left nothing behind.'
    query: '${lines} | where event == "cleanUp" and tobool(line.done) | summarize Found = count()'
    operator: 'LessThan'
    threshold: 1
    severity: 2
    window: 'PT30M'
  }
  {
    name: 'key-near-expiry'
    description: 'A key of the vault ends within 30 days, so its rotation did not happen.'
    query: '${lines} | where event == "vaultKeyNotRenewed" | summarize Found = count()'
    operator: 'GreaterThan'
    threshold: 0
    severity: 1
    window: 'P1D'
  }
]

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-vestibule-${suffix}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'vestibule'
    enabled: true
    emailReceivers: [for (address, i) in addresses: {
      name: 'address-${i}'
      emailAddress: address
      useCommonAlertSchema: true
    }]
  }
}

// A table has no columns before its first row, so queries are not checked while deploying.
resource byLog 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for alert in logAlerts: {
  name: 'vestibule-${alert.name}-${suffix}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'Vestibule: ${alert.name}'
    description: alert.description
    enabled: true
    severity: alert.severity
    scopes: [workspaceId]
    evaluationFrequency: alert.window == 'P1D' ? 'PT1H' : 'PT5M'
    windowSize: alert.window
    skipQueryValidation: true
    autoMitigate: true
    criteria: {
      allOf: [
        {
          query: alert.query
          timeAggregation: 'Total'
          metricMeasureColumn: 'Found'
          operator: alert.operator
          threshold: alert.threshold
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: [people.id]
    }
  }
}]

resource vaultThrottled 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'vestibule-vault-throttled-${suffix}'
  location: 'global'
  tags: tags
  properties: {
    description: 'The vault answered 429: signing meets its limit. Docs: deploy, wrapped keys.'
    enabled: true
    severity: 1
    scopes: [vaultId]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'throttled'
          metricNamespace: 'Microsoft.KeyVault/vaults'
          metricName: 'ServiceApiResult'
          dimensions: [
            {
              name: 'StatusCode'
              operator: 'Include'
              values: ['429']
            }
          ]
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    actions: [{ actionGroupId: people.id }]
  }
}

resource tablesBusy 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'vestibule-tables-busy-${suffix}'
  location: 'global'
  tags: tags
  properties: {
    description: 'The table service answered 503 or took too long (Cosmos DB: 429).'
    enabled: true
    severity: 1
    scopes: [isCosmos ? tablesId : '${tablesId}/tableServices/default']
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'busy'
          metricNamespace: isCosmos
            ? 'Microsoft.DocumentDB/databaseAccounts'
            : 'Microsoft.Storage/storageAccounts/tableServices'
          metricName: isCosmos ? 'TotalRequests' : 'Transactions'
          dimensions: [
            {
              name: isCosmos ? 'StatusCode' : 'ResponseType'
              operator: 'Include'
              values: isCosmos ? ['429', '503'] : ['ServerBusyError', 'ServerTimeoutError', 'ServerOtherError']
            }
          ]
          timeAggregation: isCosmos ? 'Count' : 'Total'
          operator: 'GreaterThan'
          threshold: 5
        }
      ]
    }
    actions: [{ actionGroupId: people.id }]
  }
}
