'use client';

import { useState } from 'react';
import { applyTheme, currentTheme, themes, themeSchema } from './theme';
import type { Theme } from './theme';

const labels: Record<Theme, string> = { system: 'As the system', light: 'Light', dark: 'Dark' };
const choices = themes.map((value) => ({ value, label: labels[value] }));

/** The theme for a menu: `look` reads what is shown when the menu opens, `choose` changes it at once. */
export function useTheme() {
  const [theme, setTheme] = useState<Theme>('system');
  return {
    theme,
    choices,
    look: () => setTheme(currentTheme()),
    choose: (value: string) => {
      const next = themeSchema.parse(value);
      applyTheme(next);
      setTheme(next);
    },
  };
}
