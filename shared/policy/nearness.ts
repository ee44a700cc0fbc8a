import { groupsInCircles } from './group.ts';
import { type Asked, answerOf } from './match.ts';
import type { Selector } from './selector.ts';

/** Of what reaches a device without naming anything near it. */
export const district = Number.MAX_SAFE_INTEGER;

/** How near a person's own unit is; each unit above is one farther. */
export const ownUnit = 2;

/** Between these two, both included; apart where it hangs on something that is not known. */
export interface Range {
  least: number;
  most: number;
}

/**
 * How near the selector is to a device that it reaches: 0 where it names the person, the device's tag or a list; 1 a
 * class; from 2 on a unit, the person's own first; `district` all else. Composed: its nearest part, of alternatives the
 * nearest that reaches the device. Undefined when that hangs on something that is not known.
 */
export function nearness(selector: Selector, about: Asked): number | undefined {
  const { least, most } = rangeOf(selector, about);
  return least === most ? least : undefined;
}

function rangeOf(selector: Selector, about: Asked): Range {
  switch (selector.kind) {
    case 'person':
    case 'tag':
      return exactly(0);
    case 'class':
      return exactly(1);
    case 'org':
      return unitRange(selector.org, about);
    case 'group':
      return groupRange(selector.group, about);
    case 'all':
      return nearestOf(selector.of.map((part) => rangeOf(part, about)));
    case 'any':
      return nearestOf(selector.of.flatMap((part) => alternative(part, about)));
    default:
      return exactly(district);
  }
}

const exactly = (near: number): Range => ({ least: near, most: near });

function nearestOf(ranges: readonly Range[]): Range {
  return {
    least: Math.min(district, ...ranges.map(({ least }) => least)),
    most: Math.min(district, ...ranges.map(({ most }) => most)),
  };
}

/** One that may not reach the device may be of no account. */
function alternative(part: Selector, about: Asked): Range[] {
  const answer = answerOf(part, about);
  if (answer === false) return [];
  const range = rangeOf(part, about);
  return [answer === true ? range : { ...range, most: district }];
}

function groupRange(name: string, about: Asked): Range {
  const known = about.nearGroups.get(name);
  if (known) return known;
  const content = about.groups.get(name);
  let range: Range = { least: 0, most: district };
  if (content?.kind === 'list') range = exactly(0);
  else if (content && !groupsInCircles(about.groups).has(name)) range = rangeOf(content.selector, about);
  about.nearGroups.set(name, range);
  return range;
}

function unitRange(org: string, { subject }: Asked): Range {
  const orgs = subject.custodian?.orgs ?? [];
  if (orgs.length === 0) return { least: ownUnit, most: district };
  const index = orgs.indexOf(org);
  return exactly(index < 0 ? district : ownUnit + index);
}
