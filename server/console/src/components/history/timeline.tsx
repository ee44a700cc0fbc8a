import { type PointerEvent, type ReactNode, useMemo } from 'react';
import type { CheckIntervalView, HistoryMark, VerdictIntervalView } from '../../../../../shared/api/schemas.ts';
import { dateAndTime, timeOnly } from '../../time.ts';
import { type Band, bandsOf, bandWords, failedChecks, placeOf, type Span, ticksOf } from '../../timeline.ts';
import { actorWords, findingStatusWords, verdictWords } from '../../words.ts';
import classes from './timeline.module.css';

export interface TimelineDevice {
  key: string;
  label: ReactNode;
  /** Of a person's device; on the device's own page the line above says the same. */
  verdicts?: readonly VerdictIntervalView[];
  checks: readonly CheckIntervalView[];
}

interface Props {
  span: Span;
  /** The instant that is shown; undefined: now. */
  at: number | undefined;
  verdicts: readonly VerdictIntervalView[];
  devices: readonly TimelineDevice[];
  marks: readonly HistoryMark[];
  /** Whether a failure of this check only informs. */
  informs: (check: string) => boolean;
  onAt: (at: string) => void;
}

type Shared = Pick<Props, 'span' | 'at' | 'onAt'>;

interface LineProps extends Shared {
  label: ReactNode;
  words: string;
  weight?: 'main' | 'thin';
  under?: boolean;
  bands: readonly Band<{ from: string; to: string | null }>[];
  stateOf: (place: number) => { state: string; words: string };
}

/** Verdicts, and the checks that failed on each device, as bands on one line of time. */
export function Timeline({ span, at, verdicts, devices, marks, informs, onAt }: Props) {
  const line = { span, at, onAt };
  return (
    <div className={classes.chart}>
      <MarksRow marks={marks} span={span} />
      <VerdictLine {...line} label={<b>Verdict</b>} name="Verdict" verdicts={verdicts} weight="main" />
      {devices.map((device) => (
        <DeviceLines key={device.key} {...line} device={device} informs={informs} />
      ))}
      <Axis span={span} />
    </div>
  );
}

interface VerdictLineProps extends Shared, Pick<Props, 'verdicts'> {
  label: ReactNode;
  name: string;
  weight?: 'main';
}

function VerdictLine({ verdicts, span, name, ...line }: VerdictLineProps) {
  const bands = useMemo(() => bandsOf(verdicts, span), [verdicts, span]);
  const words = (place: number) => {
    const { state, reasons } = bands[place]?.of ?? { state: 'unknown' as const, reasons: [] };
    return { state, words: [verdictWords[state].label, ...reasons].join(': ') };
  };
  return <Line {...line} span={span} words={name} bands={bands} stateOf={words} />;
}

function DeviceLines({ device, informs, ...line }: Shared & Pick<Props, 'informs'> & { device: TimelineDevice }) {
  const failed = useMemo(() => failedChecks(device.checks, line.span.to), [device.checks, line.span.to]);
  return (
    <>
      {device.verdicts ? (
        <VerdictLine {...line} label={device.label} name="Verdict of the device" verdicts={device.verdicts} />
      ) : null}
      {failed.map(({ check, title, intervals }) => (
        <CheckBand key={check} {...line} title={title} intervals={intervals} informs={informs(check)} />
      ))}
    </>
  );
}

interface CheckBandProps extends Shared {
  title: string;
  intervals: readonly CheckIntervalView[];
  informs: boolean;
}

function CheckBand({ title, intervals, informs, ...line }: CheckBandProps) {
  const bands = useMemo(() => bandsOf(intervals, line.span), [intervals, line.span]);
  const words = (place: number) => {
    const { status, seen } = bands[place]?.of ?? { status: 'unknown' as const, seen: '' };
    const state = status === 'fail' && informs ? 'notice' : status;
    return { state, words: `${findingStatusWords[status]}: ${seen}` };
  };
  const label = informs ? `${title} (informs)` : title;
  return <Line {...line} label={label} under words={label} weight="thin" bands={bands} stateOf={words} />;
}

/** One line. A click on it shows that instant; by keyboard the slider does. */
function Line({ span, at, onAt, label, words, weight, under, bands, stateOf }: LineProps) {
  const said = bands.map(({ of }, place) => bandWords(of, stateOf(place).words));
  const cursor = at === undefined ? undefined : placeOf(at, span);
  return (
    <div className={classes.row}>
      <div className={classes.label} data-under={under} title={typeof label === 'string' ? label : undefined}>
        {label}
      </div>
      <div
        className={classes.track}
        data-main={weight === 'main' || undefined}
        data-thin={weight === 'thin' || undefined}
        role="img"
        aria-label={`${words}: ${said.join('; ') || 'nothing is known'}`}
        onPointerUp={(event) => onAt(instantAt(event, span))}
      >
        <div className={classes.bands}>
          {bands.map(({ of, left, width }, place) => (
            <div
              key={of.from}
              className={classes.band}
              data-state={stateOf(place).state}
              style={{ left: `${left}%`, width: `${width}%` }}
              title={said[place]}
            />
          ))}
        </div>
        {cursor === undefined ? null : <div className={classes.cursor} style={{ left: `${cursor}%` }} />}
      </div>
    </div>
  );
}

function instantAt({ currentTarget, clientX }: PointerEvent<HTMLElement>, { from, to }: Span): string {
  const { left, width } = currentTarget.getBoundingClientRect();
  return new Date(from + ((to - from) * (clientX - left)) / width).toISOString();
}

function MarksRow({ marks, span }: Pick<Props, 'marks' | 'span'>) {
  const placed = marks.flatMap((mark) => {
    const left = placeOf(Date.parse(mark.at), span);
    return left === undefined ? [] : [{ ...mark, left }];
  });
  if (placed.length === 0) return null;
  return (
    <div className={classes.row}>
      <div className={classes.label}>Acts of staff</div>
      <div className={classes.marks}>
        {placed.map(({ at, code, words, by, left }) => {
          const said = `${dateAndTime(Date.parse(at))}, ${actorWords(by)}: ${words}`;
          return (
            <span
              key={`${at} ${code} ${words}`}
              className={classes.mark}
              style={{ left: `${left}%` }}
              role="img"
              aria-label={said}
              title={said}
            />
          );
        })}
      </div>
    </div>
  );
}

const tickForm = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const shortMs = 3 * 86_400_000;

/** Days, or on a line of few days times of day. */
const tickWords = (at: number, { from, to }: Span) => (to - from < shortMs ? timeOnly(at) : tickForm.format(at));

function Axis({ span }: { span: Span }) {
  return (
    <div className={classes.row} data-bare aria-hidden="true">
      <div />
      <div className={classes.axis}>
        {ticksOf(span).map(({ at, left }) => (
          <span key={left} className={classes.tick} style={{ left: `${left}%` }}>
            {left === 100 ? 'Now' : tickWords(at, span)}
          </span>
        ))}
      </div>
    </div>
  );
}
