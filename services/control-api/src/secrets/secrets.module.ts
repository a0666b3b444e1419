// Secrets by reference. Listed for the application's one module.
import { Resealing } from './resealing.js';
import { SecretsController } from './secrets.controller.js';
import { SecretsService } from './secrets.service.js';

export const secretControllers = [SecretsController];
export const secretProviders = [SecretsService, Resealing];
