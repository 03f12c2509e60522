import type { DirectoryAudit } from '../shared/api/log.ts';

export const logPaths = {
  signIns: '/v1.0/auditLogs/signIns',
  audits: '/v1.0/auditLogs/directoryAudits',
} as const;

export const initiator = ({ initiatedBy: { app, user } }: DirectoryAudit): string =>
  app?.displayName ?? app?.appId ?? user?.id ?? '';

export const target = ({ targetResources: [first] }: DirectoryAudit): string =>
  first?.displayName ?? first?.id ?? '';
