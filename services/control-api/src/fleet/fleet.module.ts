// The fleet: the feed that goes out to gateways, and what they answer. Listed for the application's one module.
import { DeliveryController } from './delivery.controller.js';
import { FeedController } from './feed.controller.js';
import { FeedReader } from './feed.reader.js';
import { FleetController } from './fleet.controller.js';
import { FleetGuard } from './fleet.guard.js';
import { FleetUpkeep } from './fleet-upkeep.js';
import { Wakeups } from './wakeups.js';

export const fleetControllers = [FeedController, FleetController, DeliveryController];
export const fleetProviders = [FeedReader, FleetGuard, FleetUpkeep, Wakeups];
