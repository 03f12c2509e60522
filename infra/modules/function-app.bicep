// The gateway: a Flex Consumption plan, the app, and its settings. No setting is a secret.
param suffix string
param location string
param tags object
param identityName string
param insightsName string
param hostStorageName string
param packageContainer string
@description('Empty: no network of its own.')
param subnetId string
param isZoneRedundant bool
param alwaysReadyInstances int
param maximumInstances int
param instanceMemoryMB int
param deploymentAddresses array
@description('Empty: guests reach the app directly.')
param frontDoorId string

param issuer string
param adminIssuer string
param adminAudience string
param tablesEndpoint string
param vaultEndpoint string
param signing string
param mailEndpoint string
param mailSender string
param countryData string
param validFrom string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource hostStorage 'Microsoft.Storage/storageAccounts@2025-01-01' existing = {
  name: hostStorageName
}

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: 'plan-vestibule-${suffix}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
    zoneRedundant: isZoneRedundant
  }
}

resource site 'Microsoft.Web/sites@2024-11-01' = {
  name: 'func-vestibule-${suffix}'
  location: location
  tags: union(tags, { 'azd-service-name': 'gateway' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    publicNetworkAccess: 'Enabled'
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      remoteDebuggingEnabled: false
      // Any Front Door can come from these addresses, so the header names ours; the app looks again.
      ipSecurityRestrictionsDefaultAction: empty(frontDoorId) ? 'Allow' : 'Deny'
      ipSecurityRestrictions: empty(frontDoorId)
        ? []
        : [
            {
              name: 'front-door'
              action: 'Allow'
              tag: 'ServiceTag'
              ipAddress: 'AzureFrontDoor.Backend'
              headers: { 'x-azure-fdid': [frontDoorId] }
              priority: 100
            }
          ]
      scmIpSecurityRestrictionsUseMain: false
      scmIpSecurityRestrictionsDefaultAction: empty(deploymentAddresses) ? 'Allow' : 'Deny'
      scmIpSecurityRestrictions: [for (range, i) in deploymentAddresses: {
        name: 'deployment-${i}'
        action: 'Allow'
        ipAddress: range
        priority: 100 + i
      }]
    }
    functionAppConfig: {
      runtime: {
        name: 'node'
        version: '24'
      }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${hostStorage.properties.primaryEndpoints.blob}${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstances
        alwaysReady: alwaysReadyInstances == 0
          ? []
          : [
              {
                name: 'http'
                instanceCount: alwaysReadyInstances
              }
            ]
      }
    }
  }
}

resource noPasswordForFtp 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: site
  name: 'ftp'
  properties: { allow: false }
}

resource noPasswordForDeployment 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: site
  name: 'scm'
  properties: { allow: false }
}

var publicIssuer = empty(issuer) ? 'https://${site.properties.defaultHostName}' : issuer

// The one list of settings: a test compares it with shared/config.ts.
var always = {
  AZURE_CLIENT_ID: identity.properties.clientId
  AzureWebJobsDisableHomepage: 'true'
  AzureWebJobsStorage__blobServiceUri: hostStorage.properties.primaryEndpoints.blob
  AzureWebJobsStorage__clientId: identity.properties.clientId
  AzureWebJobsStorage__credential: 'managedidentity'
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
  APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
  VESTIBULE_ISSUER: publicIssuer
  VESTIBULE_TABLES: tablesEndpoint
  VESTIBULE_VAULT: vaultEndpoint
  VESTIBULE_SIGNING: signing
  VESTIBULE_CLIENT_ADDRESS: empty(frontDoorId) ? 'direct' : 'frontDoor'
  VESTIBULE_ADMIN_ISSUER: adminIssuer
  VESTIBULE_ADMIN_AUDIENCE: adminAudience
  VESTIBULE_COUNTRY_DATA: countryData
}

// Neither before the domain can send: then the door of mailed passcodes stays shut.
var withMail = {
  VESTIBULE_MAIL: 'endpoint=${mailEndpoint}'
  VESTIBULE_MAIL_SENDER: mailSender
}

var behindFrontDoor = {
  VESTIBULE_FRONT_DOOR_ID: frontDoorId
}

// Sessions that came back with a copy of the tables are void.
var afterRestore = {
  VESTIBULE_VALID_FROM: validFrom
}

resource settings 'Microsoft.Web/sites/config@2024-11-01' = {
  parent: site
  name: 'appsettings'
  properties: union(
    always,
    empty(mailEndpoint) ? {} : withMail,
    empty(frontDoorId) ? {} : behindFrontDoor,
    empty(validFrom) ? {} : afterRestore
  )
}

output name string = site.name
output issuer string = publicIssuer
