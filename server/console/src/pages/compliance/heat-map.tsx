import { useRouter } from '@tanstack/react-router';
import { type ComponentPropsWithRef, type MouseEvent, memo, useMemo } from 'react';
import type { ComplianceMap } from '../../../../../shared/api/schemas.ts';
import {
  columnsOf,
  heatLevel,
  heatLevels,
  type MapColumn,
  shareWords,
  standingOf,
  standingWords,
  unitName,
} from '../../compliance-map.ts';
import { gridKeys } from '../../components/grid-keys.ts';
import { totalOf, VerdictBar } from '../../components/verdict-bar.tsx';
import { stringifySearch } from '../../search.ts';
import { severityWords } from '../../words.ts';
import classes from './heat-map.module.css';

interface Props {
  map: ComplianceMap;
  /** The past instant that is shown; undefined: now. */
  at: string | undefined;
}

type Unit = ComplianceMap['units'][number];

/** Units down, checks across: how large a share of the devices fails, as shade and figure. */
export const HeatMap = memo(function HeatMap({ map, at }: Props) {
  const columns = useMemo(() => columnsOf(map.checks, map.units), [map]);
  const counting = columns.filter(({ counts }) => counts).length;
  return (
    <>
      <Legend />
      <div className={classes.frame}>
        <table className={classes.map} aria-label="Failing devices by school and check" {...gridKeys}>
          <thead>
            <tr>
              <th className={classes.corner} rowSpan={2} scope="col">
                School
              </th>
              <th className={classes.people} rowSpan={2} scope="col">
                Not compliant
              </th>
              {counting > 0 ? (
                <th className={classes.group} colSpan={counting} scope="colgroup">
                  Turn the verdict
                </th>
              ) : null}
              {counting < columns.length ? (
                <th
                  className={classes.group}
                  colSpan={columns.length - counting}
                  scope="colgroup"
                  data-edge={counting > 0 || undefined}
                >
                  Only inform
                </th>
              ) : null}
            </tr>
            <tr>
              {columns.map((column, place) => (
                <th
                  key={column.check}
                  scope="col"
                  className={classes.check}
                  data-informs={column.counts ? undefined : true}
                  data-edge={place === counting || undefined}
                >
                  <Stop href={checkHref(column.check, { at })} title={titleOf(column)}>
                    {column.title}
                  </Stop>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {map.units.map((unit, place) => (
              <Row key={unit.orgId} unit={unit} columns={columns} counting={counting} at={at} first={place === 0} />
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
});

const titleOf = ({ title, severity, all, counts }: MapColumn) =>
  `${title} (${counts ? severityWords[severity] : severityWords.minor}): ${standingWords(standingOf(all))}`;

const checkHref = (check: string, search: { at: string | undefined; org?: string; status?: string | undefined }) =>
  `/compliance/checks/${encodeURIComponent(check)}${stringifySearch(search)}`;

interface RowProps {
  unit: Unit;
  columns: readonly MapColumn[];
  counting: number;
  at: string | undefined;
  first: boolean;
}

const Row = memo(function Row({ unit, columns, counting, at, first }: RowProps) {
  const name = unitName(unit);
  return (
    <tr>
      <th scope="row" className={classes.unit}>
        <Stop href={unit.orgId && `/compliance${stringifySearch({ org: unit.orgId, at })}`} first={first} title={name}>
          {name}
        </Stop>
      </th>
      <td className={classes.people}>
        <People unit={unit} at={at} />
      </td>
      {columns.map((column, place) => (
        <td
          key={column.check}
          className={classes.cell}
          data-informs={column.counts ? undefined : true}
          data-edge={place === counting || undefined}
        >
          <Cell unit={unit} name={name} column={column} at={at} />
        </td>
      ))}
    </tr>
  );
});

interface StopProps extends ComponentPropsWithRef<'a'> {
  /** Empty where there is nothing to look at. */
  href: string;
  first?: boolean;
}

/** A stop on the walk through the table. A plain link: of the router's own, thousands are too heavy. */
function Stop({ href, first = false, ...props }: StopProps) {
  const router = useRouter();
  const tabIndex = first ? 0 : -1;
  if (href === '') return <span data-stop tabIndex={tabIndex} {...(props as ComponentPropsWithRef<'span'>)} />;
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    router.history.push(href);
  };
  return <a data-stop tabIndex={tabIndex} href={href} onClick={follow} {...props} />;
}

function People({ unit, at }: { unit: Unit; at: string | undefined }) {
  const hasPeople = totalOf(unit.people) > 0;
  const counts = hasPeople ? unit.people : unit.devices;
  const total = totalOf(counts);
  const figures = `${counts.noncompliant.toLocaleString('en')} of ${total.toLocaleString('en')}`;
  const words = `${figures} ${hasPeople ? 'people' : 'devices'} not compliant`;
  const search = stringifySearch({ org: unit.orgId, verdict: 'noncompliant', at });
  return (
    <Stop href={unit.orgId ? `/people${search}` : ''} aria-label={words} title={words}>
      <VerdictBar counts={counts} height={8} />
      <span className={classes.figures}>{figures}</span>
    </Stop>
  );
}

interface CellProps {
  unit: Unit;
  name: string;
  column: MapColumn;
  at: string | undefined;
}

function Cell({ unit, name, column, at }: CellProps) {
  const standing = standingOf(unit.checks[column.check]);
  const { share, unknown, judged } = standing;
  const words = `${column.title}, ${name}: ${standingWords(standing)}`;
  const search = {
    at,
    org: unit.orgId,
    status: standing.fail > 0 ? 'fail' : unknown > 0 ? 'unknown' : undefined,
  } as const;
  const level = share === undefined ? undefined : heatLevel(share);
  return (
    <Stop
      href={unit.orgId ? checkHref(column.check, search) : ''}
      className={classes.value}
      data-level={level}
      data-doubt={unknown > judged || undefined}
      aria-label={words}
      title={words}
    >
      {share === undefined ? (unknown > 0 ? '' : '–') : shareWords(share)}
      {unknown > 0 ? <small>{unknown.toLocaleString('en')} ?</small> : null}
    </Stop>
  );
}

const levelWords = ['none', 'under 5 %', 'under 15 %', 'under 35 %', '35 % or more'] as const;

function Legend() {
  return (
    <div className={classes.legend}>
      <span>Share of devices that fail:</span>
      {heatLevels.map((level) => (
        <span key={level}>
          <i className={classes.value} data-level={level} /> {levelWords[level]}
        </span>
      ))}
      <span data-informs>
        <i className={classes.value} data-level={3} /> only informs
      </span>
      <span>
        <i className={classes.value} data-doubt /> most not known
      </span>
      <span>
        <b>3 ?</b> not known of three
      </span>
    </div>
  );
}
