// The end of people's accounts. Listed for the application's one module.
import { PasswordAgain } from '../identity/password-again.js';
import { ErasureController } from './erasure.controller.js';
import { ErasureService } from './erasure.service.js';
import { ErasureUpkeep } from './erasure-upkeep.js';

export const erasureControllers = [ErasureController];
export const erasureProviders = [PasswordAgain, ErasureService, ErasureUpkeep];
