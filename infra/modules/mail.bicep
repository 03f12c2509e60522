// Azure Communication Services for mail. A domain of yours takes two deployments: the first makes it
// and gives its DNS records, the second links it once Azure has seen them (docs/deploy.md).
param suffix string
param tags object
param dataLocation string
@description('Empty: a domain that Azure makes.')
param domainName string
param isVerified bool
param senderName string
param principalId string
param workspaceId string

var isOurs = !empty(domainName)
var isLinked = !isOurs || isVerified

resource emailService 'Microsoft.Communication/emailServices@2025-05-01' = {
  name: 'email-vestibule-${suffix}'
  location: 'global'
  tags: tags
  properties: { dataLocation: dataLocation }
}

resource domain 'Microsoft.Communication/emailServices/domains@2025-05-01' = {
  parent: emailService
  name: isOurs ? domainName : 'AzureManagedDomain'
  location: 'global'
  tags: tags
  properties: {
    domainManagement: isOurs ? 'CustomerManaged' : 'AzureManaged'
    // tracking would rewrite the links and load a picture from guests' mails
    userEngagementTracking: 'Disabled'
  }
}

// Every domain has DoNotReply; Azure refuses another name below a raised quota.
var isOwnName = senderName != 'DoNotReply'

resource sender 'Microsoft.Communication/emailServices/domains/senderUsernames@2025-05-01' = if (isOurs && isVerified && isOwnName) {
  parent: domain
  name: senderName
  properties: { username: senderName }
}

resource service 'Microsoft.Communication/communicationServices@2025-05-01' = {
  name: 'acs-vestibule-${suffix}'
  location: 'global'
  tags: tags
  properties: {
    dataLocation: dataLocation
    linkedDomains: isLinked ? [domain.id] : []
    disableLocalAuth: true
    publicNetworkAccess: 'Enabled'
  }
}

var mailOwner = '09976791-48a7-449e-bb21-39d1a415f350'

resource sendsMail 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(service.id, principalId, mailOwner)
  scope: service
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', mailOwner)
  }
}

// Not the log of deliveries: it names every recipient.
resource sendLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: service
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'EmailSendMailOperational'
        enabled: true
      }
    ]
  }
}

output emailServiceName string = emailService.name
@description('Both are empty until the domain can send.')
output endpoint string = isLinked ? 'https://${service.properties.hostName}' : ''
output sender string = !isLinked
  ? ''
  : isOurs ? '${senderName}@${domainName}' : 'DoNotReply@${domain.properties.mailFromSenderDomain}'
output records object = isOurs ? domain.properties.verificationRecords : {}
