import { Stack, Text } from '@mantine/core';
import { IconAdjustments, IconSearchOff } from '@tabler/icons-react';
import { type ReactNode, useMemo, useState } from 'react';
import type { ProfileContent, ProfileDetail } from '../../../../../shared/api/schemas.ts';
import { type CapabilityName, capabilityNames } from '../../../../../shared/profile/registry.ts';
import { call } from '../../api.ts';
import { assignmentProblem } from '../../assignment-form.ts';
import { DraftBar, type DraftProblem } from '../../components/draft/draft-bar.tsx';
import { useDraft } from '../../components/draft/use-draft.ts';
import { Empty } from '../../components/empty.tsx';
import { Panel } from '../../components/panel.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { contentProblems, setNames, withSetting } from '../../content.ts';
import { queries } from '../../queries.ts';
import { findSettings } from '../../setting-search.ts';
import { count } from '../../words.ts';
import { AssignmentsEditor } from './assignments-editor.tsx';
import { CapabilityForm } from './capability-form.tsx';
import classes from './editor.module.css';
import { EditorNav } from './editor-nav.tsx';
import { LockedPanel } from './locked-panel.tsx';

interface Props {
  detail: ProfileDetail;
  /** The capability whose settings are shown; undefined: what is set, and whom it reaches. */
  part: CapabilityName | undefined;
  onPart: (part: CapabilityName | undefined) => void;
}

/** A profile being edited: one search over every setting, a way through the capabilities, and what is set. */
export function Editor({ detail, part, onPart }: Props) {
  const { id } = detail.profile;
  const draft = useDraft<ProfileContent, ProfileDetail>(detail, {
    queryKey: queries.profile(id).queryKey,
    list: 'profiles',
    save: (content, version) => call('saveDraft', { params: { id }, body: { content, version } }),
    discard: () => call('discardDraft', { params: { id } }),
  });
  const [search, setSearch] = useState<string>();
  const { content, saved, setContent } = draft;
  const form = (capability: CapabilityName, only?: ReadonlySet<string>) => (
    <CapabilityForm
      key={capability}
      capability={capability}
      settings={content.settings}
      only={only}
      onAll={only ? () => openPart(capability) : undefined}
      onSet={(setting, value) =>
        setContent((before) => ({ ...before, settings: withSetting(before.settings, capability, setting, value) }))
      }
    />
  );
  const openPart = (next: CapabilityName | undefined) => {
    setSearch(undefined);
    onPart(next);
  };
  return (
    <Stack gap="md">
      <SearchField label="Search every setting, in your own words" value={search} onChange={setSearch} />
      <div className={classes.columns}>
        <EditorNav content={content} part={search === undefined ? part : null} onPart={openPart} />
        <Stack gap="md" miw={0}>
          {search !== undefined ? (
            <FoundSettings search={search} form={form} />
          ) : part ? (
            form(part)
          ) : (
            <>
              <AssignmentsEditor
                assignments={content.assignments}
                onChange={(assignments) => setContent((before) => ({ ...before, assignments }))}
              />
              <SetSettings contents={[content, saved]} form={form} />
              <LockedPanel
                locked={content.locked === true}
                onChange={(locked) => setContent(({ locked: _, ...rest }) => (locked ? { ...rest, locked } : rest))}
              />
            </>
          )}
        </Stack>
      </div>
      <DraftBar
        draft={draft}
        saved={detail.profile}
        problems={problemsOf(content)}
        proposal={`/changes/new?profile=${encodeURIComponent(id)}`}
        lost="The changes of this profile have not been saved as a draft."
      />
    </Stack>
  );
}

function problemsOf({ assignments, settings }: ProfileContent): DraftProblem[] {
  return [
    ...assignments.flatMap((assignment, place) => {
      const words = assignmentProblem(assignment);
      return words ? [{ place: `Assignment ${place + 1}`, words }] : [];
    }),
    ...contentProblems(settings),
  ];
}

type FormOf = (capability: CapabilityName, only: ReadonlySet<string>) => ReactNode;

/** What is set, by capability; what was set when it was saved stays in sight, so that a reset can be seen and undone. */
function SetSettings({ contents, form }: { contents: readonly ProfileContent[]; form: FormOf }) {
  const set = capabilityNames
    .map((name) => ({ name, settings: new Set(contents.flatMap(({ settings }) => setNames(settings, name))) }))
    .filter(({ settings }) => settings.size > 0);
  if (set.length > 0) return set.map(({ name, settings }) => form(name, settings));
  return (
    <Panel title="What it sets">
      <Empty icon={IconAdjustments} title="Nothing is set yet">
        Search above for what should happen, or choose an area beside. Whatever you do not set is left alone on devices.
      </Empty>
    </Panel>
  );
}

function FoundSettings({ search, form }: { search: string; form: FormOf }) {
  const found = useMemo(() => findSettings(search), [search]);
  const byCapability = Map.groupBy(found, ({ capability }) => capability);
  if (found.length === 0)
    return (
      <Empty icon={IconSearchOff} title="No setting speaks of that">
        Try another word, such as “password”, “USB” or “updates”, or look through the areas beside.
      </Empty>
    );
  return (
    <>
      <Text size="sm" c="dimmed" role="status">
        {count(found.length, 'setting')} in {count(byCapability.size, 'area')}
      </Text>
      {[...byCapability].map(([capability, settings]) =>
        form(capability, new Set(settings.map(({ field }) => field.name))),
      )}
    </>
  );
}
