import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

/** The brand: the ink of a register and the yellow of a school bus. */
const ink: MantineColorsTuple = [
  '#f0f3fa',
  '#dde4f1',
  '#b9c7e2',
  '#93a9d4',
  '#748fc8',
  '#5c7bbb',
  '#4a68a6',
  '#38528a',
  '#29406f',
  '#14203a',
];
const bus: MantineColorsTuple = [
  '#fff8e6',
  '#ffeec4',
  '#ffe08f',
  '#fdd058',
  '#f9c136',
  '#f5b324',
  '#d8960f',
  '#a87208',
  '#7d5407',
  '#543804',
];
/** Mantine's neutral ramp for the dark scheme, tinted with ink. */
const dark: MantineColorsTuple = [
  '#dfe5f0',
  '#b6c0d2',
  '#93a0b7',
  '#64728c',
  '#3a465d',
  '#2a3548',
  '#1c2534',
  '#141c29',
  '#0f1620',
  '#0a0f17',
];
const green: MantineColorsTuple = [
  '#e8f7f0',
  '#d0ecdf',
  '#a2d9c0',
  '#70c69f',
  '#48b584',
  '#2ca873',
  '#17905f',
  '#0d7a50',
  '#066040',
  '#00442c',
];
const vermilion: MantineColorsTuple = [
  '#fdeeeb',
  '#f9d9d3',
  '#f2b1a5',
  '#eb8775',
  '#e5644d',
  '#dd4c33',
  '#c93c24',
  '#ab301b',
  '#872514',
  '#5f190d',
];

export const theme = createTheme({
  colors: { ink, bus, dark, green, vermilion },
  primaryColor: 'ink',
  primaryShade: { light: 8, dark: 6 },
  autoContrast: true,
  luminanceThreshold: 0.35,
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily: 'Inter, -apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
  headings: {
    fontWeight: '650',
    sizes: {
      h1: { fontSize: '1.5rem', lineHeight: '1.25' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.35' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
  components: {
    Card: { defaultProps: { withBorder: true, padding: 'lg', radius: 'md' } },
    Modal: {
      styles: { title: { fontSize: '1.0625rem', fontWeight: 650 } },
      defaultProps: { centered: true, radius: 'md', closeButtonProps: { 'aria-label': 'Close' } },
    },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 200, events: { hover: true, focus: true, touch: true } } },
    FileInput: {
      defaultProps: { clearButtonProps: { 'aria-label': 'Remove the file', tabIndex: 0, miw: 24, mih: 24 } },
    },
    Anchor: { defaultProps: { underline: 'hover', inherit: true } },
  },
});

/** Paper in the light, ink in the dark; every pair of text and ground has at least 4.5 : 1 (WCAG AA). */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#1a2233',
    '--mantine-color-bright': '#1a2233',
    '--mantine-color-default-color': '#1a2233',
    '--mantine-color-placeholder': '#6b7484',
    '--mantine-color-dimmed': '#5a6475',
    '--mantine-color-anchor': '#29406f',
    '--mantine-color-error': '#99290f',
  },
  dark: {
    '--mantine-color-body': '#161e2b',
    '--mantine-color-text': '#dfe5f0',
    '--mantine-color-dimmed': '#9dabc2',
    '--mantine-color-placeholder': '#7f8da6',
    '--mantine-color-anchor': '#a9bfe8',
    '--mantine-color-error': '#ffa494',
  },
});
