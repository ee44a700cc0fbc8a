/** What an auditor reads first. */
export function readme(about: { district: string; at: string; revision: number | null; trendFrom: string }): string {
  const { district, at, revision, trendFrom } = about;
  const policy =
    revision === null ? 'none was saved yet: the defaults of the check library held' : `revision ${revision}`;
  return `Evidence of compliance
${district}
As of ${at} (UTC)
Compliance policy in force: ${policy}

This pack shows how the devices of the district, and the people who held them, stood at one instant, under which policy, and
with which exceptions. It holds no name of a person or a device. Asked again for the same instant it has the same bytes, except
MADE-AT.txt, which is therefore not in SHA256SUMS; it differs only where a device that was offline has since reported about
the time before, or a unit was renamed.

Check it with: sha256sum -c SHA256SUMS

policy.json     The compliance policy in force then, its revision, and the revision of each profile published last before
                then. The settings of profiles are left out, for they may hold secrets; who a single-person assignment
                names is withheld.
coverage.csv    One line per unit and check: on how many devices the check passed, failed, did not apply, or was not known.
                A device is counted under the unit of the person who held it then. "Share that passes" is pass divided by
                pass and fail; what is not known counts for neither side.
verdicts.csv    People and devices by verdict and unit.
                compliant      every check that counts passes
                in-grace       a check fails, within the school days the policy gives to put it right
                waived         a check fails, and somebody waived it for a time, with a reason
                noncompliant   a check that counts fails, and the time is over
                silent         the device was not heard of for longer than the policy allows
                unknown        nothing was judged, or a check could not be answered; a person without a device
                A person stands where the worst of their devices and of what they owe stands.
exceptions.csv  Waivers and restrictions in force then, by check or profile and by unit: how many, the first since when, the
                last until when.
trend.csv       Verdicts at the end of each day (UTC) since ${trendFrom}, the last line as of the instant itself.
summary.pdf     The same in short. Time in compliance is the time people were compliant, waived or in grace, divided by that
                and the time they were noncompliant; silence and the unknown count for neither side. A failure of a check
                that counts begins when a device first fails it and is put right when it passes; the mean time to fix is
                the mean of these durations, of failures that began in the span named there.
SHA256SUMS      Of every file but itself and MADE-AT.txt.
`;
}
