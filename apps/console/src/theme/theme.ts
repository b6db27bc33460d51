import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

/** The one accent: what can be pressed. States have colours of their own (base.css). */
const lagoon: MantineColorsTuple = [
  '#e3f6f4',
  '#cfe9e6',
  '#a3d3ce',
  '#74bcb5',
  '#4ea9a0',
  '#379d93',
  '#1f8a81',
  '#0f6f68',
  '#0a5c56',
  '#044a45',
];

/** Neutral with a little green, as on the face of an instrument. */
const dark: MantineColorsTuple = [
  '#dfe7e4',
  '#b4c0bc',
  '#93a29d',
  '#6b7a75',
  '#38454a',
  '#2b373c',
  '#1e282c',
  '#151d21',
  '#10171a',
  '#0b1113',
];

/** Mantine's own surfaces and texts in the colours of base.css, whichever theme is on. */
const surfaces = {
  '--mantine-color-body': 'var(--raised)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink-dim)',
  '--mantine-color-placeholder': 'var(--ink-dim)',
  '--mantine-color-error': 'var(--bad)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-default': 'var(--raised)',
  '--mantine-color-default-hover': 'var(--sunken)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-disabled': 'var(--sunken)',
  '--mantine-color-disabled-color': 'var(--ink-dim)',
};

export const variables: CSSVariablesResolver = () => ({ variables: {}, light: surfaces, dark: surfaces });

export const theme = createTheme({
  primaryColor: 'lagoon',
  // White on it keeps 4.5:1 in both themes.
  primaryShade: 7,
  autoContrast: true,
  colors: { lagoon, dark },
  fontFamily:
    "Pretendard, 'Apple SD Gothic Neo', 'Noto Sans KR', 'Noto Sans CJK KR', NanumGothic, 'Malgun Gothic', system-ui, sans-serif",
  fontFamilyMonospace:
    "ui-monospace, 'SF Mono', 'JetBrains Mono', 'DejaVu Sans Mono', D2Coding, Menlo, Consolas, monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  defaultRadius: 3,
  focusRing: 'auto',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'compact-sm' } },
    TextInput: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs', comboboxProps: { transitionProps: { duration: 0 } } } },
    Textarea: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Tooltip: { defaultProps: { openDelay: 300, multiline: true, maw: 360 } },
    Modal: { defaultProps: { transitionProps: { duration: 0 }, size: 'lg' } },
  },
});
