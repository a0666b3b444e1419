// Documents and promotion. Listed for the application's one module; it needs what publish.module.ts lists.
import { DocumentController } from './document.controller.js';
import { DocumentSchemaController } from './document-schema.controller.js';
import { DocumentService } from './document.service.js';
import { PromotionController } from './promotion.controller.js';
import { PromotionService } from './promotion.service.js';

export const documentControllers = [DocumentController, DocumentSchemaController, PromotionController];
export const documentProviders = [DocumentService, PromotionService];
