// Deletion and purges. Listed for the application's one module.
import { DeletionController } from './deletion.controller.js';
import { DeletionService } from './deletion.service.js';
import { PurgeUpkeep } from './purge-upkeep.js';

export const deletionControllers = [DeletionController];
export const deletionProviders = [DeletionService, PurgeUpkeep];
