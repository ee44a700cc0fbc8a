import { type PublishingSettings, publishingDefaults } from '../../shared/api/schemas.ts';
import { type CapabilityName, capabilities } from '../../shared/profile/registry.ts';
import type { DocumentStore } from '../store/documents.ts';

export const publishingDocument = 'publishing';

export async function readPublishing(
  documents: DocumentStore,
): Promise<{ settings: PublishingSettings; version: number }> {
  const saved = await documents.read(publishingDocument);
  if (!saved) return { settings: publishingDefaults, version: 0 };
  return { settings: saved.content as PublishingSettings, version: saved.version };
}

/** What is wrong with settings that fit their schema, one sentence each; `groups` are the names of saved groups. Pure. */
export function publishingProblems(settings: PublishingSettings, groups: ReadonlySet<string>): string[] {
  const unknown = settings.coSigning.filter(({ capability }) => !Object.hasOwn(capabilities, capability));
  const backward = settings.freezes.filter(({ from, to }) => Date.parse(from) >= Date.parse(to));
  return [
    ...unknown.map(({ capability }) => `Co-signing: there is no capability “${capability}”.`),
    ...backward.map(({ title }) => `Freeze “${title}”: it ends before it begins.`),
    ...settings.plan.rings.flatMap((ring) =>
      ring.kind === 'group' && !groups.has(ring.group) ? [`Rings: there is no group “${ring.group}”.`] : [],
    ),
  ];
}

/** What `after` lets through that `before` did not, one sentence each; empty: nothing is weaker. Pure. */
export function weakenings(before: PublishingSettings, after: PublishingSettings, now: number): string[] {
  return [
    ...(after.approvalPercent > before.approvalPercent
      ? [`A second person approves above ${after.approvalPercent} % instead of ${before.approvalPercent} %.`]
      : []),
    ...(after.approvalLeast > before.approvalLeast
      ? [`A second person approves from ${after.approvalLeast} devices on instead of ${before.approvalLeast}.`]
      : []),
    ...signaturesLost(before, after),
    ...(before.keepCalendarFreezes && !after.keepCalendarFreezes ? ['Freezes of the calendars are not kept.'] : []),
    ...freezesLost(before, after, now),
  ];
}

function signaturesLost(before: PublishingSettings, after: PublishingSettings): string[] {
  const kept = new Set(after.coSigning.map(({ capability, side }) => `${capability} ${side}`));
  return before.coSigning
    .filter(({ capability, side }) => !kept.has(`${capability} ${side}`))
    .map(({ capability, side }) => {
      const title = Object.hasOwn(capabilities, capability)
        ? capabilities[capability as CapabilityName].title
        : capability;
      return `${title} needs no signature of ${side === 'it' ? 'IT' : 'Curriculum'}.`;
    });
}

/** A freeze that is not over stays as long as it was, whatever it is called. */
function freezesLost(before: PublishingSettings, after: PublishingSettings, now: number): string[] {
  return before.freezes
    .filter(({ to }) => Date.parse(to) > now)
    .filter(
      ({ from, to }) =>
        !after.freezes.some(
          (freeze) =>
            Date.parse(freeze.from) <= Math.max(Date.parse(from), now) && Date.parse(freeze.to) >= Date.parse(to),
        ),
    )
    .map(({ title }) => `The freeze “${title}” is shorter, or gone.`);
}
