import { z } from 'zod';

export const themes = ['system', 'light', 'dark'] as const;
export const themeSchema = z.enum(themes);
export type Theme = z.infer<typeof themeSchema>;

/** Shows a theme at once and keeps it for a year on this host. */
export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  document.cookie = `theme=${theme}; Path=/; Max-Age=31536000; SameSite=Lax`;
}

/** The theme shown now. */
export function currentTheme(): Theme {
  return themeSchema.safeParse(document.documentElement.dataset['theme']).data ?? 'system';
}
