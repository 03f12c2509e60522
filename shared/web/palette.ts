/** What pages and mails are painted with, beside the organisation's own colour. */
export const light = {
  ground: '#f3f4f6',
  panel: '#f3f5f7',
  surface: '#ffffff',
  text: '#171a1f',
  muted: '#545d68',
  line: '#dde1e6',
  edge: '#79828e',
  danger: '#b3261e',
  'danger-ground': '#fdf2f1',
} as const;

export type Palette = Readonly<Record<keyof typeof light, string>>;

export const dark: Palette = {
  ground: '#0e1115',
  panel: '#20272f',
  surface: '#171c22',
  text: '#eceff3',
  muted: '#a9b2bd',
  line: '#2c343d',
  edge: '#7f8995',
  danger: '#ff9b92',
  'danger-ground': '#2b1a19',
};

/** The surfaces that text in the organisation's colour must be readable on. */
export const surfaces = { light: light.surface, dark: dark.surface } as const;
