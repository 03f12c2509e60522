// Everything one deployment of Vestibule needs, in one resource group. docs/deploy.md says how.
targetScope = 'resourceGroup'

@description('Where everything lies that has a place.')
param location string = resourceGroup().location

@description('Part of the names, so that one resource group can hold two deployments.')
@minLength(1)
@maxLength(24)
param environmentName string

@description('Public base URL, an https origin. Empty: the function app\'s own host name.')
param issuer string = ''

@description('Issuer of administrators\' access tokens.')
param adminIssuer string

@description('Audience those tokens must have.')
param adminAudience string

@description('private: storage and vault are reached from the app\'s network alone.')
@allowed(['private', 'public'])
param network string = 'private'

@description('Where guests, configuration and log are kept.')
@allowed(['storage', 'cosmos'])
param tables string = 'storage'

@description('zone: copies in three availability zones, where the region has them.')
@allowed(['local', 'zone'])
param redundancy string = 'local'

@description('keyvault: every token is signed by the vault. wrapped: by a key that the vault unwraps.')
@allowed(['keyvault', 'wrapped'])
param signing string = 'keyvault'

@description('A domain of yours that mails come from. Empty: one that Azure makes, for trying out.')
param mailDomain string = ''

@description('create: a domain of yours waits for its DNS records. link: they are verified.')
@allowed(['create', 'link'])
param mailDomainStep string = 'create'

@description('The part before the @ of the address that mails come from. Another needs a raised mail quota.')
param mailSenderName string = 'DoNotReply'

@description('Where mails are kept at rest.')
param mailDataLocation string = 'Europe'

@description('Who is told by mail when an alert fires.')
param alertAddresses array = []

@description('Days that logs are kept. Whole days, 30 at least.')
@minValue(30)
@maxValue(730)
param logDays int = 30

@description('new: the first deployment. inForce: a later one; then no log line escapes the rule while it runs.')
@allowed(['new', 'inForce'])
param ingestionRule string = 'new'

@description('Instances that are always running; with 0 the timers alone are paid while nobody signs in.')
@minValue(0)
@maxValue(20)
param alwaysReadyInstances int = 0

@minValue(40)
@maxValue(1000)
param maximumInstances int = 100

@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('Address ranges that may deploy code. Empty: any, with an Entra token.')
param deploymentAddresses array = []

@description('Id of the Azure Front Door in front: then the app answers nobody else. Empty: none.')
param frontDoorId string = ''

@description('File that says which country an address is in, seen from the app\'s folder.')
param countryData string = 'data/dbip-country.mmdb'

@description('After a restore: its moment, as 2026-01-31T12:00:00Z. What was begun before is void.')
param validFrom string = ''

param tags object = {}

var suffix = uniqueString(resourceGroup().id, environmentName)
var allTags = union(tags, { 'azd-env-name': environmentName })
var isPrivate = network == 'private'
var isZoneRedundant = redundancy == 'zone'
var isCosmos = tables == 'cosmos'

module identity 'modules/identity.bicep' = {
  name: 'identity'
  params: {
    name: 'id-vestibule-${suffix}'
    location: location
    tags: allTags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  params: {
    suffix: suffix
    location: location
    tags: allTags
    logDays: logDays
    isRuleInForce: ingestionRule == 'inForce'
    principalId: identity.outputs.principalId
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  params: {
    suffix: suffix
    location: location
    tags: allTags
    isPrivate: isPrivate
    isZoneRedundant: isZoneRedundant
    holdsTables: !isCosmos
    principalId: identity.outputs.principalId
    workspaceId: monitoring.outputs.workspaceId
  }
}

module cosmos 'modules/cosmos.bicep' = if (isCosmos) {
  name: 'cosmos'
  params: {
    name: 'cosmos-vestibule-${suffix}'
    location: location
    tags: allTags
    isPrivate: isPrivate
    isZoneRedundant: isZoneRedundant
    principalId: identity.outputs.principalId
    workspaceId: monitoring.outputs.workspaceId
  }
}

module vault 'modules/vault.bicep' = {
  name: 'vault'
  params: {
    name: 'kv-${suffix}'
    location: location
    tags: allTags
    isPrivate: isPrivate
    principalId: identity.outputs.principalId
    workspaceId: monitoring.outputs.workspaceId
  }
}

module mail 'modules/mail.bicep' = {
  name: 'mail'
  params: {
    suffix: suffix
    tags: allTags
    dataLocation: mailDataLocation
    domainName: mailDomain
    isVerified: mailDomainStep == 'link'
    senderName: mailSenderName
    principalId: identity.outputs.principalId
    workspaceId: monitoring.outputs.workspaceId
  }
}

module privateNetwork 'modules/network.bicep' = if (isPrivate) {
  name: 'network'
  params: {
    suffix: suffix
    location: location
    tags: allTags
    hostStorageId: storage.outputs.hostId
    tablesId: isCosmos ? cosmos!.outputs.id : storage.outputs.dataId
    isCosmos: isCosmos
    vaultId: vault.outputs.id
  }
}

module functionApp 'modules/function-app.bicep' = {
  name: 'function-app'
  params: {
    suffix: suffix
    location: location
    tags: allTags
    identityName: identity.outputs.name
    insightsName: monitoring.outputs.insightsName
    hostStorageName: storage.outputs.hostName
    packageContainer: storage.outputs.packageContainer
    subnetId: isPrivate ? privateNetwork!.outputs.appSubnetId : ''
    isZoneRedundant: isZoneRedundant
    alwaysReadyInstances: alwaysReadyInstances
    maximumInstances: maximumInstances
    instanceMemoryMB: instanceMemoryMB
    deploymentAddresses: deploymentAddresses
    frontDoorId: frontDoorId
    issuer: issuer
    adminIssuer: adminIssuer
    adminAudience: adminAudience
    tablesEndpoint: isCosmos ? cosmos!.outputs.endpoint : storage.outputs.tableEndpoint
    vaultEndpoint: vault.outputs.endpoint
    signing: signing
    mailEndpoint: mail.outputs.endpoint
    mailSender: mail.outputs.sender
    countryData: countryData
    validFrom: validFrom
  }
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  params: {
    suffix: suffix
    location: location
    tags: allTags
    workspaceId: monitoring.outputs.workspaceId
    vaultId: vault.outputs.id
    tablesId: isCosmos ? cosmos!.outputs.id : storage.outputs.dataId
    isCosmos: isCosmos
    addresses: alertAddresses
  }
}

module workbook 'modules/workbook.bicep' = {
  name: 'workbook'
  params: {
    location: location
    tags: allTags
    workspaceId: monitoring.outputs.workspaceId
  }
}

@description('Where guests and apps find the gateway.')
output issuer string = functionApp.outputs.issuer
output functionAppName string = functionApp.outputs.name
@description('DNS records that a mail domain of yours needs; none for one that Azure makes.')
output mailDomainRecords object = mail.outputs.records
output mailServiceName string = mail.outputs.emailServiceName
@description('The log workspace by the id that queries name: npm run smoke -- <issuer> --workspace <id>')
output logWorkspaceId string = monitoring.outputs.workspaceCustomerId
