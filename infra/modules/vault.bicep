// Keys that never leave the vault. Peppers and data keys are made by the app and wrapped by one of
// these: no secret is in the vault, in this template or in a parameter.
param name string
param location string
param tags object
param isPrivate bool
param principalId string
param workspaceId string

@description('Not to be given: the moment of deployment, from which a first version\'s life counts.')
param deployedAt string = utcNow()

// A new version two months before the former ends: the app publishes it first and signs with it when
// every app's copy of the key set has it. A version that ended still verifies and unwraps.
var rotation = {
  attributes: { expiryTime: 'P1Y' }
  lifetimeActions: [
    {
      action: { type: 'rotate' }
      trigger: { timeBeforeExpiry: 'P60D' }
    }
    {
      action: { type: 'notify' }
      trigger: { timeBeforeExpiry: 'P30D' }
    }
  ]
}

// The policy dates versions made by rotation; the first one is dated here. Deploying again changes
// nothing on a key that is there.
var firstExpiry = dateTimeToEpoch(dateTimeAdd(deployedAt, 'P1Y'))

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: subscription().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
    enabledForDeployment: false
    enabledForDiskEncryption: false
    enabledForTemplateDeployment: false
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: {
      bypass: 'None'
      defaultAction: isPrivate ? 'Deny' : 'Allow'
    }
  }
}

resource signingRs256 'Microsoft.KeyVault/vaults/keys@2024-11-01' = {
  parent: vault
  name: 'signing-rs256'
  properties: {
    kty: 'RSA'
    keySize: 2048
    keyOps: ['sign', 'verify']
    attributes: {
      enabled: true
      exp: firstExpiry
      exportable: false
    }
    rotationPolicy: rotation
  }
}

resource signingEs256 'Microsoft.KeyVault/vaults/keys@2024-11-01' = {
  parent: vault
  name: 'signing-es256'
  properties: {
    kty: 'EC'
    curveName: 'P-256'
    keyOps: ['sign', 'verify']
    attributes: {
      enabled: true
      exp: firstExpiry
      exportable: false
    }
    rotationPolicy: rotation
  }
}

resource keyEncryption 'Microsoft.KeyVault/vaults/keys@2024-11-01' = {
  parent: vault
  name: 'key-encryption'
  properties: {
    kty: 'RSA'
    keySize: 3072
    // signs which secrets it wrapped, so that nobody else's are taken
    keyOps: ['wrapKey', 'unwrapKey', 'sign', 'verify']
    attributes: {
      enabled: true
      exp: firstExpiry
      exportable: false
    }
    rotationPolicy: rotation
  }
}

var cryptoUser = '12338af0-0e69-4776-bea7-57ae8d297424'

resource signsRs256 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(signingRs256.id, principalId, cryptoUser)
  scope: signingRs256
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', cryptoUser)
  }
}

resource signsEs256 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(signingEs256.id, principalId, cryptoUser)
  scope: signingEs256
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', cryptoUser)
  }
}

resource wrapsKeys 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(keyEncryption.id, principalId, cryptoUser)
  scope: keyEncryption
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', cryptoUser)
  }
}

resource auditLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logAnalyticsDestinationType: 'Dedicated'
    logs: [
      {
        category: 'AuditEvent'
        enabled: true
      }
    ]
  }
}

output id string = vault.id
output endpoint string = vault.properties.vaultUri
