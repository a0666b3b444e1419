// Publishing, revisions and weights. Listed for the application's one module; it needs what fleet.module.ts lists.
import { EnvironmentGatewaysController } from './environment-gateways.controller.js';
import { RevisionsController } from './revisions.controller.js';
import { RevisionsService } from './revisions.service.js';
import { WeightsController } from './weights.controller.js';
import { WeightsService } from './weights.service.js';

export const publishControllers = [RevisionsController, EnvironmentGatewaysController, WeightsController];
export const publishProviders = [RevisionsService, WeightsService];
