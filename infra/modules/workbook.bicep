// One page on sign-ins: how they ended, why, and for which app.
param location string
param tags object
param workspaceId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(workspaceId, 'sign-ins')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Vestibule: sign-ins'
    category: 'workbook'
    sourceId: workspaceId
    serializedData: loadTextContent('../workbook.json')
  }
}
