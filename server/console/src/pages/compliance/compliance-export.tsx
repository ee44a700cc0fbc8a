import { ExportMenu } from '../../components/export-menu.tsx';
import { addressOf } from '../../request.ts';

const subjects = [
  ['people', 'People'],
  ['devices', 'Devices'],
  ['checks', 'Checks'],
] as const;

/** What is shown, as files; for an auditor a pack without names. */
export function ComplianceExport({ at, org }: { at: string | undefined; org: string | undefined }) {
  const file = (what: string, format: string) => addressOf('exportCompliance', { query: { what, format, at, org } });
  const groups = [
    ...(['csv', 'pdf'] as const).map((format) => ({
      label: format === 'csv' ? 'Tables (CSV)' : 'Documents (PDF)',
      links: subjects.map(([what, label]) => ({ label, href: file(what, format) })),
    })),
    {
      label: 'For an auditor, without names',
      links: [{ label: 'Evidence pack (ZIP)', href: addressOf('exportEvidencePack', { query: { at } }) }],
    },
  ];
  return <ExportMenu groups={groups} />;
}
