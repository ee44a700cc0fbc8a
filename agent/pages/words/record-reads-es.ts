import type { RecordReadWords } from './record-reads-en.ts';

export const recordReads: RecordReadWords = {
  heading: 'Quién vio lo que se registra de ti',
  lead: 'En los últimos 30 días, lo más reciente primero. Tu escuela puede decirte más.',
  nobody: 'Nadie en los últimos 30 días.',
  reason: (reason) => `Para qué: ${reason}`,
  roles: {
    owner: 'responsable',
    'policy-author': 'autoría de políticas',
    approver: 'aprobación',
    helpdesk: 'soporte',
    principal: 'dirección',
    teacher: 'docente',
    auditor: 'auditoría',
    reader: 'un programa del distrito',
  },
};
