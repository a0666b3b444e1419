// The fleet: the feed that goes out to gateways, and what they answer. Listed for the application's one module.
import { DeliveryController } from './delivery.controller.js';
import { FeedController } from './feed.controller.js';
import { FeedReader } from './feed.reader.js';
import { FleetController } from './fleet.controller.js';
import { FleetGuard } from './fleet.guard.js';
import { GatewayIdentities } from './gateway-identities.js';
import { FleetUpkeep } from './fleet-upkeep.js';
import { OperatedFleetsController } from './operated-fleets.controller.js';
import { OperatedFleetsService } from './operated-fleets.service.js';
import { ProofGuard } from './proof.guard.js';
import { RegistrationGuard } from './registration.guard.js';
import { RegistrationsController } from './registrations.controller.js';
import { Wakeups } from './wakeups.js';

export const fleetControllers = [
  FeedController,
  FleetController,
  RegistrationsController,
  DeliveryController,
  OperatedFleetsController,
];
export const fleetProviders = [
  FeedReader,
  FleetGuard,
  GatewayIdentities,
  RegistrationGuard,
  ProofGuard,
  OperatedFleetsService,
  FleetUpkeep,
  Wakeups,
];
