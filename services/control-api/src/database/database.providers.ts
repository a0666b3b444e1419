// The opened connections as Nest sees them.
import type { Provider } from '@nestjs/common';
import { Attempts } from '../identity/attempts.js';
import { attemptsToken, authPoolToken, databaseToken, feedPoolToken } from '../tokens.js';
import type { Databases } from './databases.js';

export function databaseProviders({ database, authPool, feedPool }: Databases): Provider[] {
  return [
    { provide: databaseToken, useValue: database },
    { provide: authPoolToken, useValue: authPool },
    { provide: attemptsToken, useValue: new Attempts(authPool) },
    { provide: feedPoolToken, useValue: feedPool },
  ];
}
