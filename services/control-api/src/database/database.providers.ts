// The opened connections as Nest sees them.
import type { Provider } from '@nestjs/common';
import { databaseToken, feedPoolToken } from '../tokens.js';
import type { Databases } from './databases.js';

export function databaseProviders({ database, feedPool }: Databases): Provider[] {
  return [
    { provide: databaseToken, useValue: database },
    { provide: feedPoolToken, useValue: feedPool },
  ];
}
